"""Registers the context with Django."""

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """The receivables context."""

    name = "goodstanding.receivables"
    label = "receivables"
    default_auto_field = "django.db.models.BigAutoField"
