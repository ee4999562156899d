"""Templates: text with `{variables}` of a closed list, and nothing else in braces.

A variable is a bare name: no attributes, no indexes, no formats. What stands in a value is
never read as a template again, so a customer called "{amount}" stays one.
"""

import re
from collections.abc import Iterator, Mapping

from goodstanding.kernel.errors import N_, Refused

VARIABLES = (
    "customer_name",
    "contact_name",
    "firm",
    "sender",
    "pay_to",
    "amount",
    "currency",
    "items",
    "oldest_due",
    "days_late",
    "promise_day",
    "promised_amount",
    "statement_day",
)
_NAME = re.compile(r"\{([a-z_]+)\}")
_BRACED = re.compile(r"\{[^{}\n]*\}|[{}]")


def variables(text: str) -> frozenset[str]:
    """The variables a template uses. Refused where a brace holds anything but a name of the list."""
    return frozenset(name for _, name in _names(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The template with its variables written out; refused where one has no value."""
    for line, name in _names(text):
        if not values.get(name):
            raise Refused(
                "missing_variable",
                N_("Line {line}: nothing is known to write for {name}"),
                line=line,
                name="{" + name + "}",
            )
    return _NAME.sub(lambda match: values[match[1]], text)


def _names(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        for braced in _BRACED.findall(line):
            match = _NAME.fullmatch(braced)
            if match is None:
                raise Refused(
                    "malformed_variable",
                    N_("Line {line}: “{text}” is no variable; write a name of the list in braces"),
                    line=number,
                    text=braced,
                )
            if match[1] not in VARIABLES:
                raise Refused(
                    "unknown_variable",
                    N_("Line {line}: there is no variable {name}"),
                    line=number,
                    name=braced,
                )
            yield number, match[1]
