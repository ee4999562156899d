"""What a note and a file must be to be kept with a customer, and who reads those that were withdrawn."""

import unicodedata
from pathlib import PurePosixPath

from goodstanding.access.rules import permits
from goodstanding.access.types import Actor
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties.rules.checks import check_line

LONGEST_NOTE = 4_000
LONGEST_FILE_NAME = 200
LARGEST_FILE = 10 * 1024**2  # bytes
FILE_KINDS = ("contract", "licence", "delivery", "confirmation", "letter", "other")
_UNSTORABLE = {"Cc", "Cs", "Zl", "Zp"}


def check_note(text: str) -> str:
    """The text of a note with its line breaks as one sign each. Refused when empty, too long or unfit to be kept."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not clean:
        raise Refused("empty", N_("{field} can't be empty."), field="text")
    if len(clean) > LONGEST_NOTE:
        raise Refused("text_too_long", N_("{field}: at most {longest} characters."), field="text", longest=LONGEST_NOTE)
    if any(unicodedata.category(each) in _UNSTORABLE and each not in "\n\t\u2028\u2029" for each in clean):
        raise Refused(
            "text", N_("{field}: {value} holds a character that can't be kept."), field="text", value=repr(clean[:40])
        )
    return clean


def check_file(kind: str, title: str) -> str:
    """The title of a file without outer blanks. Refused when it is unfit, or the kind unknown."""
    if kind not in FILE_KINDS:
        raise Refused("file_kind", N_("{value} is no kind of document."), value=repr(kind[:40]))
    return check_line("title", title)


def check_reason(reason: str) -> str:
    """Why a file is withdrawn. Refused when nothing is said, or too much."""
    clean = check_line("reason", reason)
    if not clean:
        raise Refused("no_reason", N_("Say why it is withdrawn."))
    return clean


def file_name(name: str) -> str:
    """The last part of a name, its ending kept; what no header or disk takes becomes a low line."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join("_" if unicodedata.category(each) in _UNSTORABLE else each for each in last).strip()
    if clean in ("", ".", ".."):
        return "file"
    path = PurePosixPath(clean)
    ending = path.suffix[:20]
    return clean if len(clean) <= LONGEST_FILE_NAME else clean[: LONGEST_FILE_NAME - len(ending)] + ending


def reads_withdrawn(actor: Actor, by: str) -> bool:
    """Whether a withdrawn note or file of this author still exists for the actor: theirs, or the trail's readers'."""
    return actor.signed(by) or permits(actor.roles, "view_audit")
