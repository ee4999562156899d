"""Registers the context with Django."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """The parties context."""

    name = "goodstanding.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
