"""How a customer stands, in words and as the ring draws it."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.standing.types import Reason, Standing
from goodstanding.web.templatetags.desk import day

HELP = _(
    "0–100 points of the last night for promises and due days kept, lateness and what is overdue; "
    "left arc: how much they kept, right arc: how much we kept."
)


@dataclass(frozen=True, slots=True)
class Ring:
    """What the ring shows: arcs and figure (None where nothing is known), the whole in words, and why."""

    id: str
    they: int | None
    we: int | None
    standing: int | None
    label: str
    trend: int | None
    told: str  # the trend in words
    reasons: tuple[tuple[str, int], ...]  # each in words with its points
    night: str


def ring(found: Standing | None, name: str) -> Ring:
    """The ring of a standing; `name` is an id of its own on the page."""
    if found is None:
        untold = gettext("No night has assessed this customer yet.")
        return Ring(name, None, None, None, gettext("No standing yet"), None, "", ((untold, 0),), "")
    return Ring(
        id=name,
        they=found.them,
        we=found.us,
        standing=found.figure,
        label=label(found),
        trend=found.trend,
        told=trend(found.trend),
        reasons=tuple((said(each), each.points) for each in found.reasons),
        night=str(day(found.as_of)),
    )


def said(reason: Reason) -> str:
    """A reason in the reader's words."""
    return gettext(reason.template).format(**dict(reason.params))


def trend(change: int | None) -> str:
    """The change in words; "" where there is nothing to tell it against."""
    if change is None:
        return ""
    if not change:
        return gettext("as 30 days before")
    return gettext("{change} against 30 days before").format(change=f"{change:+d}".replace("-", "−"))


def label(found: Standing) -> str:
    """The ring in one sentence."""
    if found.figure is None:
        words = gettext("No standing: nothing has fallen due in the last year")
    elif found.them is None and found.us is None:
        words = gettext("Standing {figure}: no promise was judged in the last year")
    elif found.us is None:
        words = gettext("Standing {figure}: they kept {they}%")
    elif found.them is None:
        words = gettext("Standing {figure}: we kept {we}%")
    else:
        words = gettext("Standing {figure}: they kept {they}%, we kept {we}%")
    return words.format(figure=found.figure, they=found.them, we=found.us)
