"""Statements of account for many customers as one file: asked for here, printed by the worker (`jobs.papers`)."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import override

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.kernel import progress
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.progress import Tell
from goodstanding.outbound import operations, queries
from goodstanding.outbound.paper.pile import Job, write_pile
from goodstanding.outbound.paper.writing import TONGUES, tongue
from goodstanding.outbound.progress import FOLDER, folder, told_in
from goodstanding.outbound.types import ExportFacts
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Contact, Customer
from goodstanding.receivables.policy import policy
from goodstanding.reports.customer import members
from goodstanding.reports.papers import statement_sheet
from goodstanding.reports.statement import statements

DAYS = 7  # how long the file can be fetched
MOST = 5_000  # customers of one pile
FINANCE = re.compile(r"financ|account|payable|bookkeep|bills|财务|会计|出纳|付款", re.IGNORECASE)


def start_statements(
    *, actor: Actor, now: datetime, customers: Sequence[int], first: date, last: date, language: str = ""
) -> int:
    """Queue the statements of these customers (ids) and give the pile's number; the page may be left.

    `language` is en, zh-hans or "" for each contact's own. Refused "no_customers", "too_many", "period", "language".
    """
    with acting("make_paper", actor=actor, now=now) as audit:
        seen = [each.id for each in parties.by_ids(actor, list(dict.fromkeys(customers)))]
        if not seen:
            raise Refused("no_customers", N_("Nobody was chosen."))
        if len(seen) > MOST:
            raise Refused("too_many", N_("At most {most} statements at a time."), most=MOST)
        if first > last:
            raise Refused("period", N_("A statement begins before it ends."), field="first")
        if language and language not in TONGUES:
            raise Refused("language", N_("Papers are written in English or Chinese."), field="language")
        wanted = {"customers": seen, "first": first.isoformat(), "last": last.isoformat(), "language": language}
        pile = operations.open_export(form="pdf", actor=actor.signature, now=now, wanted=wanted)
        _queue(pile, actor.id)
        audit(f"statements {pile}", after={"customers": len(seen), "first": first, "last": last, "state": "queued"})
        return pile


def pile(actor: Actor, number: int) -> ExportFacts:
    """One pile, for who asked for it or who may have the whole book. NotFound."""
    found = queries.export_by_id(number, papers=True)
    if not actor.signed(found.actor) and actor.territories is not None:
        raise queries.no_such_export(number)
    return found


def restart_statements(*, actor: Actor, now: datetime, number: int) -> None:
    """Queue again a pile that failed or whose process died. NotFound; Refused "export_state"."""
    with acting("make_paper", actor=actor, now=now) as audit:
        found = pile(actor, number)
        if found.state == "failed":
            operations.restart(number)
        elif found.state != "stopped":
            raise Refused("export_state", N_("Export {id} is no longer as it was."), id=number)
        _queue(number, actor.id)
        audit(f"statements {number}", before={"state": found.state}, after={"state": "queued"})


def fetch_statements(*, actor: Actor, now: datetime, number: int) -> ExportFacts:
    """Note in the audit trail that the file was fetched. NotFound when there is none, or none any more."""
    with acting("make_paper", actor=actor, now=now) as audit:
        found = pile(actor, number)
        queries.file_of(found)
        audit(f"statements {number}", after={"fetched": found.name})
        return found


def print_statements(*, actor: Actor, now: datetime, number: int, tell: Tell, processes: int | None = None) -> int:
    """Print a running pile; the file is offered by the same transaction that puts it on the trail."""
    require(actor, "make_paper")
    found = queries.export_by_id(number, papers=True)
    wanted = found.wanted
    first, last = date.fromisoformat(wanted["first"]), date.fromisoformat(wanted["last"])
    total = len(wanted["customers"])
    tell("reading", 0, total)
    target = folder() / f"{number}.zip"
    jobs = statement_jobs(actor, wanted["customers"], first, last, wanted["language"])
    count = write_pile(jobs, total, target, tell, processes)
    with acting("make_paper", actor=actor, now=now) as audit:
        operations.finish(
            number, path=f"{FOLDER}/{target.name}", size=target.stat().st_size, counts={"statements": count},
            until=now + timedelta(days=DAYS), now=now,
        )  # fmt: skip
        audit(f"statements {number}", after={"printed": count})
    return count


def statement_jobs(actor: Actor, ids: Sequence[int], first: date, last: date, language: str) -> Iterator[Job]:
    """What is to be printed, customer by customer."""
    limits = policy().limits
    for start in range(0, len(ids), 500):
        for customer in parties.by_ids(actor, list(ids[start : start + 500])):
            contact = paying(parties.contacts(actor, customer.code))
            spoken = language or tongue(contact.language if contact and contact.language else own_language(customer))
            with override(spoken):
                found = statements(members(customer, last), first, last, limits)
                sheet = statement_sheet(customer, contact, found, first, last, limits)
            yield file_name(customer, last), "statement", sheet, spoken


def paying(contacts: Sequence[Contact]) -> Contact | None:
    """Who looks after the bills, of those that may be written to."""
    reached = [each for each in contacts if each.may_contact]
    return next((each for each in reached if FINANCE.search(each.role)), reached[0] if reached else None)


def own_language(customer: Customer) -> str:
    """The language of somebody of whom nobody said one: Chinese for a name in Chinese."""
    return "zh-hans" if any("\u4e00" <= letter <= "\u9fff" for letter in customer.name) else "en"


def file_name(customer: Customer, last: date) -> str:
    """What a statement's file is called: only letters, digits, dots and dashes of the code, and the number."""
    return f"statement-{re.sub(r'[^0-9A-Za-z._-]+', '-', customer.code)[:60]}-{customer.id}-{last.isoformat()}.pdf"


def _queue(number: int, person: int) -> None:
    told_in(number).unlink(missing_ok=True)  # what a dead process said
    task: Any = import_string(settings.JOBS["run_statements"])  # the worker stands above: config says where
    task.enqueue(number, person)


def resume_statements(*, actor: Actor, now: datetime) -> list[int]:
    """Queue again every pile that was being printed when its process died. For a worker's start."""
    dead = [each.id for each in queries.running_exports(papers=True) if not progress.alive(told_in(each.id))]
    if dead:
        with acting("make_paper", actor=actor, now=now) as audit:
            for each in dead:
                _queue(each, actor.id)
                audit(f"statements {each}", before={"state": "running"}, after={"state": "queued"})
    return dead
