"""What a message must be to be queued, and when a send that didn't succeed is tried again."""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta

from goodstanding.correspondence.types import CHANNELS, KINDS, NewMessage
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import exponent

LEASE = timedelta(minutes=10)  # a sender that said nothing for so long is taken for dead
DELAYS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
MOST_TRIES = len(DELAYS) + 1
LONGEST_LINE = 200
LONGEST_TO = 254
LONGEST_BODY = 60_000
MOST_ATTACHMENTS = 10
LANGUAGES = ("en", "zh-hans")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_UNSTORABLE = {"Cc", "Cs", "Zl", "Zp"}
BAD_CHARACTER = N_("{field}: {value} holds a line break or a character that can't be sent.")


def check_message(new: NewMessage) -> NewMessage:
    """The message as it is kept. Refused, the field named, for what no letter or mail may carry."""
    for field, value, known in (("kind", new.kind, KINDS), ("channel", new.channel, CHANNELS)):
        if value not in known:
            raise Refused("unknown_value", N_("{field}: {value} is not known."), field=field, value=repr(value[:40]))
    subject, contact, key, source = (
        check_line(name, getattr(new, name)) for name in ("subject", "contact", "key", "source")
    )
    if new.currency:
        exponent(new.currency)
    if new.language not in LANGUAGES:
        raise Refused("unknown_value", N_("{field}: {value} is not known."), field="language", value=repr(new.language))
    if not subject:
        raise Refused("no_subject", N_("subject: a message needs one."))
    if len(new.attachments) > MOST_ATTACHMENTS:
        raise Refused("too_many_files", N_("attachments: at most {most}."), most=MOST_ATTACHMENTS)
    for each in new.attachments:
        if not check_line("attachments", each.name) or not re.fullmatch(r"[0-9a-f]{64}", each.digest):
            raise Refused("bad_file", N_("attachments: {value} is no file that was kept."), value=repr(each.name[:40]))
    to = check_address(new.to) if new.channel == "email" else check_text("to", new.to, 500)
    body = check_text("body", new.body, LONGEST_BODY)
    return replace(new, subject=subject, contact=contact, key=key, source=source, to=to, body=body)


def check_line(field: str, text: str) -> str:
    """One line without outer blanks. Refused when it is too long, or holds what would begin another header."""
    if any(unicodedata.category(each) in _UNSTORABLE for each in text):
        raise Refused("text", BAD_CHARACTER, field=field, value=repr(text[:40]))
    clean = text.strip()
    if len(clean) > LONGEST_LINE:
        raise Refused("text_too_long", N_("{field}: at most {longest} characters."), field=field, longest=LONGEST_LINE)
    return clean


def check_text(field: str, text: str, longest: int) -> str:
    """Some lines, their ends all alike, without outer blanks. Refused when there is nothing, or too much."""
    clean = text.replace("\r\n", "\n").strip()
    if any(unicodedata.category(each) in _UNSTORABLE and each not in "\n\t" for each in clean):
        raise Refused("text", BAD_CHARACTER, field=field, value=repr(clean[:40]))
    if not clean:
        raise Refused("no_text", N_("{field}: there is nothing in it."), field=field)
    if len(clean) > longest:
        raise Refused("text_too_long", N_("{field}: at most {longest} characters."), field=field, longest=longest)
    return clean


def check_address(text: str) -> str:
    """One recipient, its domain as the wire carries it. Refused for none, several, or one that can't be written to.

    Only letters of ASCII before the @: not every server on the way takes others, and mail that may or may not
    arrive is worse than a contact who is asked for another address.
    """
    bad = N_("to: {value} is not one e-mail address.")
    clean = check_line("to", text)
    local, at, domain = clean.rpartition("@")
    if not at or len(clean) > LONGEST_TO:
        raise Refused("recipient", bad, value=repr(clean[:80]))
    if not local.isascii():
        raise Refused(
            "recipient_letters", N_("to: {value} has letters before the @ that mail can't carry."), value=repr(clean)
        )
    try:
        plain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        raise Refused("recipient", bad, value=repr(clean[:80])) from None
    labels = plain.split(".")
    named = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    if not named or not _LOCAL.fullmatch(local) or len(local) > 64 or len(local) + 1 + len(plain) > LONGEST_TO:
        raise Refused("recipient", bad, value=repr(clean[:80]))
    return f"{local}@{plain.lower()}"


def try_again_at(tries: int, now: datetime) -> datetime | None:
    """When a send that was put off for the `tries`-th time is tried again; None when that was enough."""
    return now + DELAYS[tries - 1] if 1 <= tries <= len(DELAYS) else None
