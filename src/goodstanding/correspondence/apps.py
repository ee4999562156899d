"""Registers the context with Django."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """The correspondence context."""

    name = "goodstanding.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"
