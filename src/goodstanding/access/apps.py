"""Registers the context with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The access context."""

    name = "goodstanding.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
