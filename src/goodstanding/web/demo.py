"""The visitor of the sample book: a credit manager without a password, known only while GOODSTANDING_DEMO is set."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from goodstanding.access.operations import record
from goodstanding.access.types import SYSTEM

USERNAME = "demo"
NAME = "Lin Yue"
ROLE = "credit_manager"


def demo_person() -> Any:
    """The demo credit manager, made at the first visit. Nobody can sign in as them: there is no password."""
    people = get_user_model().objects
    found = people.filter(username=USERNAME, is_active=True).first()
    if found:
        return found
    with transaction.atomic():
        person, made = people.get_or_create(username=USERNAME, defaults={"name": NAME})
        if made:
            person.set_unusable_password()
            person.save(update_fields=["password"])
            person.roles.create(role=ROLE)
            record(SYSTEM, "create_person", f"person {USERNAME}", None, {"roles": [ROLE]}, timezone.now())
    return person
