"""Errors as values: what was wrong, where, and the way out, in words a person can act on.

Messages are English templates with named parameters. `N_` marks a template for the
translation catalogue without translating it, so that pure code needs no translator;
the interfaces translate the template and fill in the parameters.
"""

from dataclasses import dataclass, field
from typing import Any


def N_(template: str) -> str:  # noqa: N802 — the name translators' tools know
    """Mark a message template for extraction; returns it unchanged."""
    return template


class Refused(Exception):  # noqa: N818 — an answer, not a failure
    """A request that breaks a rule. Nothing was written.

    `code` is stable and for programs ("closed_period"), `template` is the English
    message with `{named}` parameters, `params` fills it.
    """

    def __init__(self, code: str, template: str, /, **params: Any) -> None:
        self.code = code
        self.template = template
        self.params = params
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The message in English, filled in."""
        return self.template.format(**self.params)


class NotFound(Refused):
    """There is no such row, or the asker may not see it: both look the same."""


class NotAllowed(Refused):
    """The actor's roles don't permit the action."""


class StaleVersion(Refused):
    """Somebody changed the row since it was read."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault in one cell of an incoming file.

    `table` is the book's table or the file's name, `row` the line as a person counts
    (the header is row 1; 0 when the fault is the whole file's), `column` the header as
    it stands in the file ("" when the whole row is meant).
    """

    table: str
    row: int
    column: str
    value: str
    template: str
    params: dict[str, Any] = field(default_factory=dict)
    suggestion: str = ""

    @property
    def message(self) -> str:
        """The message in English, e.g. "'1_000' is not an amount"."""
        return self.template.format(value=self.value, suggestion=self.suggestion, **self.params)

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else self.table
        if self.column:
            place += f', "{self.column}"'
        return f"{place}: {self.message}"


class Faults(Refused):
    """A file that can't be taken: every fault at once, nothing written."""

    def __init__(self, faults: list[RowFault]) -> None:
        self.faults = faults
        super().__init__("faults", N_("{count} faults in the file; nothing was imported."), count=len(faults))
