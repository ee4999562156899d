"""What every page stands in: who looks, at which day, in which language and theme, and where they can go."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from goodstanding.access.queries import actor_of
from goodstanding.access.rules import permits
from goodstanding.kernel.days import month_end
from goodstanding.web.tour import step

THEMES = {"system": _("System"), "light": _("Light"), "dark": _("Dark")}
THEME_COOKIE = "theme"
ROLES = {
    "credit_manager": _("Credit manager"),
    "collector": _("Collector"),
    "account_manager": _("Account manager"),
    "service_agent": _("Service agent"),
    "cashier": _("Cashier"),
    "owner": _("Owner"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}
# name of the address, words, icon, permission that opens it
PLACES = (
    ("today", _("Today"), "today", "view_book"),
    ("customers", _("Customers"), "customers", "view_book"),
    ("receivables", _("Receivables"), "receivables", "view_book"),
    ("collections", _("Collections"), "collections", "view_book"),
    ("insight", _("Insight"), "buckets", "view_insight"),
    ("imports", _("Import and export"), "import", "view_imports"),
    ("audit", _("Audit"), "audit", "view_audit"),
    ("settings", _("Settings"), "settings", "view_audit"),
)
KEYS = {
    "today": "t",
    "customers": "c",
    "receivables": "r",
    "collections": "l",
    "insight": "i",
    "imports": "m",
    "audit": "a",
    "settings": "s",
}
BELOW = {
    "assign-customers": "customers",
    "customer": "customers",
    "customer-account": "customers",
    "customer-people": "customers",
    "customer-facts": "customers",
    "customer-notes": "customers",
    "customer-papers": "customers",
    "customer-promises": "customers",
    "customer-promise": "customers",
    "customer-own-promise": "customers",
    "keep-promise": "customers",
    "withdraw-promise": "customers",
    "renew-promise": "customers",
    "customer-touches": "customers",
    "statements-many": "customers",
    "statements": "customers",
    "promises": "collections",
    "runs": "collections",
    "run": "collections",
    "collections-call": "collections",
    "collections-later": "collections",
    "strategies": "collections",
    "strategy-new": "collections",
    "outbox": "collections",
    "message": "collections",
    "template": "collections",
    "write": "customers",
    "templates": "collections",
    "experiments": "collections",
    "costs": "collections",
    "cost-touches": "collections",
    "late-fees": "receivables",
    "expiring": "receivables",
    "interest-settings": "settings",
    "touch-costs": "settings",
    "attach-files": "customers",
    "withdraw-file": "customers",
    "customer-statement": "customers",
    "customer-merge": "customers",
    "customer-edit": "customers",
    "customer-contact": "customers",
    "customer-payment": "customers",
    "customer-document": "customers",
    "person": "settings",
    "person-new": "settings",
    "team": "settings",
    "items": "receivables",
    "receivables-months": "receivables",
    "receivables-concentration": "receivables",
    "item": "receivables",
    "place-hold": "receivables",
    "release-hold": "receivables",
    "import": "imports",
    "export": "imports",
    "close-books": "settings",
    "aging-settings": "settings",
    "calendar-settings": "settings",
    "own-day": "settings",
    "mappings": "settings",
    "mapping": "settings",
}  # pages that belong to a place
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that every figure of a page is about. `wrong` is what was asked for when it is not a day."""

    day: date
    today: date
    wrong: str = ""

    @property
    def is_past(self) -> bool:
        """Whether the page shows another day than today."""
        return self.day != self.today

    @property
    def param(self) -> dict[str, str]:
        """What a link carries on: nothing when the day is today."""
        return {"as_of": self.day.isoformat()} if self.is_past else {}

    @property
    def shortcuts(self) -> list[tuple[Any, date]]:
        """Days that are often asked for."""
        first = self.today.replace(day=1)
        quarter = date(self.today.year, 3 * ((self.today.month - 1) // 3) + 1, 1)
        year = date(self.today.year, 1, 1)
        return [
            (_("Today"), self.today),
            (_("End of last month"), _day_before(first)),
            (_("End of last quarter"), _day_before(quarter)),
            (_("End of last year"), _day_before(year)),
        ]


def _day_before(first_of_month: date) -> date:
    year, month = first_of_month.year, first_of_month.month
    return month_end(date(year - 1, 12, 1) if month == 1 else date(year, month - 1, 1))


def as_of(request: HttpRequest) -> AsOf:
    """The day asked for in the address, else today."""
    today = timezone.localdate()
    asked = request.GET.get("as_of", "").strip()
    if not asked:
        return AsOf(today, today)
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return AsOf(today, today, wrong=asked[:40])
    return AsOf(day, today) if FIRST_DAY <= day <= LAST_DAY else AsOf(today, today, wrong=asked[:40])


def locale() -> str:
    """The locale that Babel writes dates and amounts in: en or zh_Hans."""
    return to_locale(get_language() or settings.LANGUAGE_CODE)


def initials(name: str) -> str:
    """One or two letters that stand for a person."""
    words = name.split()
    return "".join(word[0] for word in words[:2]).upper() if words else "?"


def context(request: HttpRequest) -> dict[str, Any]:
    """The context processor: what `components/frame.html` and its parts need."""
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    base = {
        "theme": theme if theme in THEMES else "system",
        "themes": THEMES,
        "tongue": get_language(),
        "demo": settings.DEMO,
        "as_of": as_of(request),
    }
    actor = getattr(request, "actor", None)
    if not actor:
        return base
    match = request.resolver_match
    name = match.url_name if match else None
    here = BELOW.get(name or "", name)
    opened = [place for place in PLACES if permits(actor.roles, place[3])]
    return base | {
        "actor": actor,
        "initials": initials(actor.name),
        "role": ROLES.get(min(actor.roles, default=""), ""),
        "may_search": permits(actor.roles, "view_book"),
        "places": [
            {"name": name, "label": label, "icon": icon, "current": name == here, "key": KEYS.get(name, "")}
            for name, label, icon, _permission in opened
        ],
        "tour": step(request, [place[0] for place in opened]),
    }


def lazy_actor(request: HttpRequest) -> Any:
    """The actor of the signed-in person, looked up at first use; false when nobody is signed in."""
    return SimpleLazyObject(lambda: actor_of(request.user) if request.user.is_authenticated else None)
