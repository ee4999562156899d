"""The statement of account that goes with a letter which speaks of it."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.make_statements import statement_jobs
from goodstanding.correspondence.types import Attached
from goodstanding.inbound import files
from goodstanding.outbound.paper import render
from goodstanding.parties import queries as parties
from goodstanding.reports.papers import whole_month

MOST = 20 * 1024**2  # bytes: mail servers take no more


def attach_statement(*, actor: Actor, now: datetime, customer: int, as_of: date, language: str) -> Attached:
    """Print a customer's statement from the last whole month to a day, and keep it for a message. NotFound."""
    with acting("write_message", actor=actor, now=now) as audit:
        found = parties.customer_by_id(actor, customer)
        name, paper, sheet, spoken = next(statement_jobs(actor, [found.id], whole_month(as_of), as_of, language))
        kept = files.keep([render(paper, sheet, spoken)], most=MOST)
        audit(f"customer {found.code}", after={"paper": paper, "as_of": as_of, "sha256": kept.digest})
        return Attached(name, "application/pdf", kept.digest)
