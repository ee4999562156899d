"""What the palette can do besides finding: places to go, days to look at, the language and the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.access.rules import permits
from goodstanding.access.types import Actor
from goodstanding.parties.rules.search import fold, search_text
from goodstanding.web.frame import PLACES, THEMES, AsOf


@dataclass(frozen=True, slots=True)
class Command:
    """A link (`href`), or a form of one button that posts `name=value` to `action`."""

    label: str
    icon: str
    href: str = ""
    action: str = ""
    name: str = ""
    value: str = ""


def commands(actor: Actor, as_of: AsOf, text: str) -> list[Command]:
    """The commands whose words, pinyin or initials hold what was typed; all of them for an empty text."""
    words = fold(text).split()
    return [each for each in _all(actor, as_of) if _said(each.label, words)]


def _said(label: str, words: Sequence[str]) -> bool:
    known = search_text("", label)
    return all(word in known for word in words)


def _all(actor: Actor, as_of: AsOf) -> list[Command]:
    found = [
        Command(_go(label), icon, href=reverse(name))
        for name, label, icon, permission in PLACES
        if permits(actor.roles, permission)
    ]
    if permits(actor.roles, "view_book"):
        for label, day in as_of.shortcuts:
            words = gettext("Show the book as of: {day}").format(day=label)
            found.append(Command(words, "calendar", href=f"{reverse('receivables')}?as_of={day.isoformat()}"))
    for value, label in THEMES.items():
        words = gettext("Theme: {theme}").format(theme=label)
        found.append(Command(words, "theme", action=reverse("theme"), name="theme", value=value))
    for value, label in (("en", "English"), ("zh-hans", "中文")):
        words = gettext("Language: {language}").format(language=label)
        found.append(Command(words, "language", action=reverse("language"), name="language", value=value))
    found.append(Command(str(_("Sign out")), "leave", action=reverse("sign-out"), name="leave", value="1"))
    return found


def _go(label: Any) -> str:
    return gettext("Go to {page}").format(page=label)
