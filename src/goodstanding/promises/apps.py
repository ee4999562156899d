"""Registers the context with Django."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """The promises context."""

    name = "goodstanding.promises"
    label = "promises"
    default_auto_field = "django.db.models.BigAutoField"
