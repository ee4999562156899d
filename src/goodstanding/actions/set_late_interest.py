"""Decide what lateness costs from a day on, write down a reference rate, set how long a claim lives."""

from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.receivables import late, rules
from goodstanding.receivables.interest import Reference, Rule
from goodstanding.receivables.limitation import Term


def set_late_rule(*, actor: Actor, now: datetime, rule: Rule) -> None:
    """A rule from its start on; an earlier one holds until the day before. Refused "interest_rule", "interest_rate"."""
    with acting("set_late_interest", actor=actor, now=now) as audit:
        late.add_rule(rule, by=actor.signature, now=now)
        after = {
            "from": rule.start, "kind": rule.kind, "rate_in_100000": rule.rate, "grace": rule.grace,
            "fee": rules.money(rule.fee, rule.currency),
        }  # fmt: skip
        audit(f"late interest {rule.currency}", after=after)


def set_reference_rate(*, actor: Actor, now: datetime, reference: Reference) -> None:
    """A reference rate from a day on; it holds from the first half-year that begins on that day or later."""
    with acting("set_late_interest", actor=actor, now=now) as audit:
        late.add_reference(reference, by=actor.signature, now=now)
        after = {"from": reference.start, "rate_in_100000": reference.rate}
        audit(f"reference rate {reference.currency}", after=after)


def set_limitation(*, actor: Actor, now: datetime, term: Term) -> None:
    """How many years a claim has whose clock starts on that day or later. Refused "limitation_years"."""
    with acting("set_late_interest", actor=actor, now=now) as audit:
        late.add_term(term, by=actor.signature, now=now)
        audit("limitation", after={"from": term.start, "years": term.years})
