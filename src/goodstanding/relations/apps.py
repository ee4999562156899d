"""Registers the context with Django."""

from django.apps import AppConfig


class RelationsConfig(AppConfig):
    """The relations context."""

    name = "goodstanding.relations"
    label = "relations"
    default_auto_field = "django.db.models.BigAutoField"
