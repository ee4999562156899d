"""The evidence pack of a customer, for handing a claim over; the trail keeps what was handed over."""

import hashlib
from datetime import date, datetime

from django.utils.translation import override

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.kernel.errors import N_, Refused
from goodstanding.outbound.paper import render
from goodstanding.outbound.paper.writing import TONGUES
from goodstanding.parties import queries as parties
from goodstanding.reports.customer import members
from goodstanding.reports.evidence import evidence_sheet


def make_evidence(*, actor: Actor, now: datetime, customer: str, as_of: date, language: str = "en") -> bytes:
    """The pack as PDF at the end of a day; its SHA-256 is on the audit trail. NotFound; Refused "language"."""
    with acting("make_paper", actor=actor, now=now) as audit:
        if language not in TONGUES:
            raise Refused("language", N_("Papers are written in English or Chinese."), field="language")
        found = parties.customer(actor, customer)
        contacts = parties.contacts(actor, found.code)
        with override(language):
            sheet = evidence_sheet(found, contacts, members(found, as_of), as_of)
        content = render("evidence", sheet, language)
        after = {"paper": "evidence", "as_of": as_of, "sha256": hashlib.sha256(content).hexdigest()}
        audit(f"customer {found.code}", after=after)
        return content
