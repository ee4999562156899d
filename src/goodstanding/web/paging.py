"""Turning the pages of a history that only grows: by the number that the page before ended with."""

from django.http import HttpRequest
from django.utils.http import urlencode

LONGEST = 18


def number_before(request: HttpRequest, name: str = "before") -> int | None:
    """The number that the page before ended with; None for the first page, and for what is no number."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST else None


def older(address: str, last: int, name: str = "before") -> str:
    """The address of the page after the one that ended with `last`."""
    return f"{address}?{urlencode({name: last})}"
