"""Text cells that no spreadsheet runs: written with a leading apostrophe, read back without it."""

import re

# A cell that a spreadsheet may take for a formula, and a text that only looks like one already made inert.
ACTIVE = re.compile(r"'*[=+\-@|%\t\r\n]")
INERT = re.compile(r"'+[=+\-@|%\t\r\n]")


def inert(text: str) -> str:
    """The text as a file may carry it: `=cmd` → `'=cmd`. `original` undoes it exactly."""
    return f"'{text}" if ACTIVE.match(text) else text


def original(text: str) -> str:
    """The text that `inert` was given."""
    return text[1:] if INERT.match(text) else text
