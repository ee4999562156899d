"""The options that say how to read a file, the same in every command that reads one."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from goodstanding.kernel.errors import N_, Faults, Refused

if TYPE_CHECKING:
    from goodstanding.inbound.types import Options, Reading

Word = TypeVar("Word", bound=StrEnum)
FIELDS = (
    *("number", "customer", "name", "date", "due", "amount", "open", "paid_on", "currency", "kind", "reference"),
    *("order", "seller", "group", "territory"),
)

Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help=f"Which column holds which field; repeat for more. Fields: {', '.join(FIELDS)}.",
    ),
]
Currency = Annotated[str | None, typer.Option(help="The currency, where the file names none.", metavar="ISO")]
NumberStyle = Annotated[
    str | None,
    typer.Option(
        "--number-style", help="How amounts are written: plain, point (1,234.50), comma (1.234,50), space, swiss."
    ),
]
DateOrder = Annotated[str | None, typer.Option("--date-order", help="How days are written: ymd, dmy or mdy.")]


def reading_options(
    mapping: list[str] | None,
    currency: str | None,
    number_style: str | None,
    date_order: str | None,
    *,
    as_of: date | None = None,
    alone: bool = False,
) -> "Options":
    """The options of the reader. Raises `typer.BadParameter` for a word it doesn't know."""
    from goodstanding.inbound.types import Options
    from goodstanding.kernel import days, money

    return Options(
        mapping=dict(_pair(text) for text in mapping or ()),
        currency=currency.upper() if currency else None,
        number_style=_choice(number_style, money.NumberStyle, "--number-style"),
        date_order=_choice(date_order, days.DateOrder, "--date-order"),
        as_of=as_of,
        alone=alone,
    )


def read_plain(path: Path, options: "Options") -> "Reading":
    """Read a file without any database. Raises Faults with everything that is wrong with it."""
    from goodstanding.inbound.reading import read

    if not path.exists():
        raise Refused("no_file", N_("There is no file or folder {path}."), path=str(path))
    reading = read(path, options=options)
    if reading.faults:
        raise Faults(list(reading.faults))
    return reading


def _pair(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    field = field.strip()
    if not equals or not field:
        raise typer.BadParameter(f"{text!r} is not FIELD=COLUMN", param_hint="--map")
    if "." not in field and field not in FIELDS:
        raise typer.BadParameter(f"{field!r} is not a field; known: {', '.join(FIELDS)}", param_hint="--map")
    return field, column


def _choice(text: str | None, kind: type[Word], option: str) -> Word | None:
    """The member that `text` names or spells."""
    if text is None:
        return None
    for member in kind:
        if text.lower() == member.name.lower() or text == member.value:
            return member
    known = ", ".join(f"{member.name.lower()}" for member in kind)
    raise typer.BadParameter(f"{text!r} is not one of {known}", param_hint=option)
