"""Which columns of a list somebody wants to see, as an address says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

LONGEST = 500


def read_columns(query: QueryDict, known: Sequence[str], usual: tuple[str, ...]) -> tuple[str, ...]:
    """The columns asked for, in their order on the page; the usual ones when the address says nothing of them."""
    if "columns" not in query:
        return usual
    asked = {name for part in query.getlist("columns") for name in part[:LONGEST].split(",")}
    return tuple(name for name in known if name in asked)


def choosable(labels: Mapping[str, Any], shown: Sequence[str]) -> list[dict[str, Any]]:
    """What components/columns_menu.html offers."""
    return [{"key": key, "label": label, "on": key in shown} for key, label in labels.items()]
