"""Registers the context with Django."""

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """The collections context."""

    name = "goodstanding.collections"
    label = "collections"
    default_auto_field = "django.db.models.BigAutoField"
