"""Texts for purposes, tones and languages: the packaged ones, the versions the firm wrote, and which of them holds."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import yaml
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from goodstanding.correspondence import models
from goodstanding.correspondence.rules import posting
from goodstanding.correspondence.rules.filling import variables
from goodstanding.correspondence.types import PURPOSES, TONES, TONGUES, Template
from goodstanding.kernel.errors import N_, NotFound, Refused

PACKAGED = Path(__file__).with_name("letters.yaml")
ALWAYS = date(1900, 1, 1)
_FIELDS = ("purpose", "tone", "language", "version", "start", "subject", "body", "by", "at")


@lru_cache(maxsize=1)
def packaged() -> dict[tuple[str, str, str], Template]:
    """The texts that come with the program, by (purpose, tone, language)."""
    rows = yaml.safe_load(PACKAGED.read_text(encoding="utf-8"))
    found = [
        Template(each["purpose"], each["tone"], each["language"], 0, ALWAYS, each["subject"], each["body"].strip())
        for each in rows
    ]
    return {(each.purpose, each.tone, each.language): each for each in found}


def templates(day: date) -> list[Template]:
    """The text that holds on a day for each purpose, tone and language that has one, in that order."""
    found = dict(packaged())
    for row in models.Template.objects.filter(start__lte=day).order_by("version").values_list(*_FIELDS):
        each = Template(*row)
        found[each.purpose, each.tone, each.language] = each
    order = {name: at for names in (PURPOSES, TONES, TONGUES) for at, name in enumerate(names)}
    return sorted(found.values(), key=lambda each: [order[each.purpose], order[each.tone], order[each.language]])


def template_on(purpose: str, tone: str, language: str, day: date) -> Template | None:
    """The text that holds on a day; None where there is none for this purpose and tone."""
    rows = models.Template.objects.filter(purpose=purpose, tone=tone, language=language, start__lte=day)
    row = rows.order_by("-version").values_list(*_FIELDS).first()
    return Template(*row) if row else packaged().get((purpose, tone, language))


def versions(purpose: str, tone: str, language: str) -> list[Template]:
    """Every version of a text, the newest first, the packaged one last. NotFound for what can't be written at all."""
    _check(purpose, tone, language)
    rows = models.Template.objects.filter(purpose=purpose, tone=tone, language=language).order_by("-version")
    first = packaged().get((purpose, tone, language))
    return [*(Template(*row) for row in rows.values_list(*_FIELDS)), *([first] if first else [])]


def store(
    purpose: str, tone: str, language: str, *, subject: str, body: str, start: date, seen: int, by: str, now: datetime
) -> Template:
    """Write the next version. Refused for an unfit text or variable, and "stale" when `seen` isn't the newest."""
    _check(purpose, tone, language)
    subject, body = posting.check_line("subject", subject), posting.check_text("body", body, posting.LONGEST_BODY)
    if not subject:
        raise Refused("no_subject", N_("subject: a message needs one."))
    for text in (subject, body):
        variables(text)
    rows = models.Template.objects.filter(purpose=purpose, tone=tone, language=language)
    _check_newest(rows, seen)
    try:
        with transaction.atomic():
            row = rows.create(
                purpose=purpose, tone=tone, language=language, version=seen + 1, start=start, subject=subject,
                body=body, by=by, at=now,
            )  # fmt: skip
    except IntegrityError:
        _check_newest(rows, seen)  # somebody else's, just committed
        raise
    return Template(*(getattr(row, name) for name in _FIELDS))


def _check_newest(rows: "QuerySet[models.Template]", seen: int) -> None:
    newest = rows.aggregate(newest=Max("version"))["newest"] or 0
    if newest != seen:
        raise Refused("stale", N_("Somebody else wrote version {newest} meanwhile: open the page anew."), newest=newest)


def _check(purpose: str, tone: str, language: str) -> None:
    if purpose not in PURPOSES or tone not in TONES or language not in TONGUES:
        raise NotFound("no_such_template", N_("There is no such text."))
