"""Try a strategy on today's book beside the one in force, before it goes live. Nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import require
from goodstanding.actions.run_collections import run_collections
from goodstanding.collections import queries
from goodstanding.collections.types import Decision, StoredStrategy, Strategy
from goodstanding.reports.owing import owing_most

MOST = 2_000  # customers of a currency that a page can wait for


@dataclass(frozen=True, slots=True)
class Change:
    """A customer in a currency that is dealt with otherwise: `before` or `after` is None where nothing is decided."""

    before: Decision | None
    after: Decision | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What the strategy in force (`version`) decides and what the new one would; `tried` of `owing` customers.

    `tried` is None when everybody who owes was.
    """

    version: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    asked: tuple[Change, ...]  # asked newly
    left: tuple[Change, ...]  # asked no longer
    other: tuple[Change, ...]  # asked in another way
    tried: int | None
    owing: int


def try_strategy(*, actor: Actor, now: datetime, as_of: date, strategy: Strategy, text: str, most: int = MOST) -> Trial:
    """What changes against the version in force. With more than `most` owing, those with the most past due are tried."""
    require(actor, "set_strategy")
    current = queries.strategy_on(as_of)
    codes, owing = owing_most(as_of, most, actor.hidden)
    given = {"actor": actor, "now": now, "as_of": as_of, "dry_run": True, "customers": codes}
    new = StoredStrategy(queries.strategies()[0].version + 1, as_of, text, actor.signature, strategy)
    before = run_collections(**given, strategy=current)  # type: ignore[arg-type]
    after = run_collections(**given, strategy=new)  # type: ignore[arg-type]
    old, now_ = ({(one.customer, one.currency): one for one in each.decisions} for each in (before, after))
    changes = [Change(old.get(key), now_.get(key)) for key in dict.fromkeys([*now_, *old])]
    return Trial(
        version=current.version,
        before=before.counts,
        after=after.counts,
        asked=_heaviest(each for each in changes if _asks(each.after) and not _asks(each.before)),
        left=_heaviest(each for each in changes if _asks(each.before) and not _asks(each.after)),
        other=_heaviest(each for each in changes if _asks(each.before) and _asks(each.after) and _differs(each)),
        tried=None if codes is None else len(codes),
        owing=owing,
    )


def _asks(one: Decision | None) -> bool:
    return one is not None and one.action != "withhold"


def _differs(each: Change) -> bool:
    ways = [(one.step, one.action, one.channel, one.tone, one.amount) for one in (each.before, each.after) if one]
    return ways[0] != ways[1]


def _heaviest(changes: Iterable[Change]) -> tuple[Change, ...]:
    """By currency, the largest amount first: amounts of two currencies are never compared."""

    def weight(each: Change) -> tuple[str, int, str]:
        one = each.after if _asks(each.after) else each.before
        return (one.currency, -one.amount, one.customer) if one else ("", 0, "")

    return tuple(sorted(changes, key=weight))
