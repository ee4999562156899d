"""Registers the context with Django."""

from django.apps import AppConfig


class StandingConfig(AppConfig):
    """The standing context."""

    name = "goodstanding.standing"
    label = "standing"
    default_auto_field = "django.db.models.BigAutoField"
