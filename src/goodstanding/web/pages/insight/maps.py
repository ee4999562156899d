"""The maps of Insight as tables: each field with how many customers stand in it and where they are listed."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from goodstanding.reports.maps import BEHAVIOURS, SCORES, VALUES, Cell, Maps
from goodstanding.web import words

SHADES = 4


def tables(found: Maps) -> list[dict[str, Any]]:
    """The two maps; nothing before the first night or where no customer has classes."""
    worth = _table(found.worth, VALUES, BEHAVIOURS, lambda cell: cell.open,
                   lambda value, paid: {"value": value, "behaviour": paid})  # fmt: skip
    scored = _table(found.rfm, SCORES, SCORES, lambda cell: cell.customers,
                    lambda recency, frequency: {"rfm": recency + frequency})  # fmt: skip
    address = reverse("customers")
    for table in (worth, scored):
        for row in table:
            for cell in row["cells"]:
                given = cell.pop("wanted") | {"currency": found.currency}
                cell["href"] = f"{address}?{urlencode(given)}" if cell["customers"] else ""
    maps = [
        {
            "id": "map-worth",
            "heading": gettext("Value and payment behaviour"),
            "sentence": gettext("The customers by worth (A, B, C by net sales of 12 months) and by how they pay; the darker, the more is open."),
            "corner": gettext("Value"),
            "heads": [str(words.LABELS.get(each, each)) for each in BEHAVIOURS],
            "rows": worth,
            "there": bool(found.worth),
            "money": True,
            "below": "",
        },
        {
            "id": "map-rfm",
            "heading": gettext("Recency and frequency"),
            "sentence": gettext("The customers by quintiles: how lately they bought (down) and how often (across), 5 the best; the darker, the more of them."),
            "corner": gettext("Recency"),
            "heads": list(SCORES),
            "rows": scored,
            "there": bool(found.rfm),
            "money": False,
            "below": _unscored(found.unscored.customers),
        },
    ]  # fmt: skip
    return [each for each in maps if each["there"]]


def _unscored(customers: int) -> str:
    return (
        gettext("{count} more have no quintiles: they never bought, or too few did.").format(count=customers)
        if customers
        else ""
    )


def _table(
    cells: dict[tuple[str, str], Cell],
    down: Sequence[str],
    across: Sequence[str],
    weight: Callable[[Cell], int],
    wanted: Callable[[str, str], dict[str, str]],
) -> list[dict[str, Any]]:
    most = max((weight(cell) for cell in cells.values()), default=0)
    rows = []
    for one in down:
        row = [(other, cells.get((one, other), Cell())) for other in across]
        rows.append(
            {
                "label": one,
                "cells": [
                    {
                        "customers": cell.customers,
                        "open": cell.open,
                        "shade": min(SHADES, -(-SHADES * max(weight(cell), 0) // most)) if most else 0,
                        "wanted": wanted(one, other),
                    }
                    for other, cell in row
                ],
            }
        )
    return rows
