"""Registers the context with Django."""

from django.apps import AppConfig


class OutboundConfig(AppConfig):
    """The outbound context."""

    name = "goodstanding.outbound"
    label = "outbound"
    default_auto_field = "django.db.models.BigAutoField"
