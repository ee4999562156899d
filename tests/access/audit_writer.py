"""A process of its own for test_audit_processes: writes audited actions, or checks the trail."""

import sys
import threading
from datetime import UTC, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from goodstanding.access.models import AuditEntry, Person  # noqa: E402
from goodstanding.access.queries import verify_chain  # noqa: E402
from goodstanding.access.types import SYSTEM  # noqa: E402
from goodstanding.actions.base import acting  # noqa: E402

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def write(name: str, actions: int) -> None:
    """Actions that each add a person and two entries; every fourth is rolled back."""
    for number in range(actions):
        try:
            with acting("create_person", actor=SYSTEM, now=NOW) as audit, transaction.atomic():
                person = Person.objects.create(username=f"{name}-{number}", date_joined=NOW)
                audit(f"person {person.username}", None, {"number": number})
                audit(f"person {person.username}", {"number": number}, {"number": -number})
                if number % 4 == 3:
                    raise LookupError
        except LookupError:
            pass
        print(number, flush=True)
    connection.close()


match sys.argv[1:]:
    case ["migrate"]:
        call_command("migrate", verbosity=0)
    case ["write", name, threads, actions]:
        crew = [threading.Thread(target=write, args=(f"{name}-{n}", int(actions))) for n in range(int(threads))]
        for each in crew:
            each.start()
        for each in crew:
            each.join()
    case ["verify"]:
        for problem in verify_chain():
            print("PROBLEM", problem.message)
        print(connection.vendor, AuditEntry.objects.count(), Person.objects.count())
