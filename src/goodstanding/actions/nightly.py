"""The night's work: snapshot, figures and classes of every customer, and the check of what is kept.

Idempotent for a day: while the book is as it was, a stored night is left alone. Killed at any moment, the next run
does what is still missing and ends the same: the snapshot appears by one rename, the night by one transaction.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.engine import classes
from goodstanding.engine.figures import Reason
from goodstanding.inbound import bulk
from goodstanding.parties import assessment
from goodstanding.parties.assessment import Class, Figures
from goodstanding.reports import integrity, snapshot
from goodstanding.reports.book import current_book
from goodstanding.reports.tables import START

Progress = Callable[[str, int, int], None]
STEPS = ("snapshot", "figures", "storing", "checking")


@dataclass(frozen=True, slots=True)
class Nightly:
    """What a night stored and found. `unchanged`: everything was there already."""

    as_of: date
    figures: int
    classes: int
    problems: tuple[str, ...]
    unchanged: bool = False


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def run_nightly(*, actor: Actor, now: datetime, as_of: date, progress: Progress = _quiet) -> Nightly:
    """Assess every customer as of the end of `as_of`, and compare the kept open amounts with the ledger."""
    require(actor, "run_nightly")
    book = fingerprint()
    stored = assessment.night(as_of)
    if stored is None or stored.book != book:
        stored = _assess(actor, now, as_of, book, progress)
    elif stored.problems is not None:
        return Nightly(as_of, stored.figures, stored.classes, stored.problems, unchanged=True)
    progress("checking", 3, len(STEPS))
    problems = tuple(problem.message for problem in integrity.problems())
    assessment.checked(as_of, book, problems)
    progress("done", len(STEPS), len(STEPS))
    return Nightly(as_of, stored.figures, stored.classes, problems)


def fingerprint() -> str:
    """What changes whenever a fact or a customer does."""
    return hashlib.sha256(repr(snapshot.state(START)).encode()).hexdigest()


def _assess(actor: Actor, now: datetime, as_of: date, book: str, progress: Progress) -> assessment.Night:
    progress("snapshot", 0, len(STEPS))
    snapshot.take()
    progress("figures", 1, len(STEPS))
    known = classes.facts(current_book(), as_of)
    progress("storing", 2, len(STEPS))
    with acting("run_nightly", actor=actor, now=now) as audit:
        night = assessment.store(as_of, book, _figures(known), _classes(known, as_of), now)
        audit(f"night {as_of}", after={"figures": night.figures, "classes": night.classes, "book": book})
    bulk.count_rows()
    return night


def _figures(known: list[classes.Facts]) -> Iterator[Figures]:
    """Each customer's figures in each currency; one that can't be told is null and says why."""
    for one in known:
        values: dict[str, object] = {
            "contribution_minor": one.contribution,
            "invoices": one.invoices,
            "last_invoice": one.last_invoice.isoformat() if one.last_invoice else None,
        }
        for name, figure in one.figures.items():
            values[name] = figure.rounded()
            if figure.why:
                values[f"{name}_why"] = _reason(figure.why)
        yield Figures(one.customer, one.currency, one.open, one.overdue, one.unapplied, values)


def _classes(known: list[classes.Facts], as_of: date) -> Iterator[Class]:
    for one in classes.classify(known, as_of):
        yield Class(one.customer, one.dimension, one.currency, one.label, _reason(one.reason))


def _reason(reason: Reason) -> dict[str, object]:
    return {"template": reason.template, "params": dict(reason.params)}
