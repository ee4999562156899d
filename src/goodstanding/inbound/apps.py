"""Registers the context with Django."""

from django.apps import AppConfig


class InboundConfig(AppConfig):
    """The inbound context."""

    name = "goodstanding.inbound"
    label = "inbound"
    default_auto_field = "django.db.models.BigAutoField"
