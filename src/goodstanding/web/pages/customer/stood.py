"""How a customer stood over the nights, as a chart with its table, and where the reasons' items are."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from goodstanding.parties.types import Customer
from goodstanding.standing.types import Standing
from goodstanding.web.charts import Chart, line
from goodstanding.web.templatetags.desk import day


def history(newest_first: Sequence[Standing]) -> Chart | None:
    """The chart of these nights; None before the second one."""
    nights = list(reversed(newest_first))
    if len(nights) <= 1:
        return None
    columns = (
        (gettext("Standing"), "ink", [each.figure for each in nights]),
        (gettext("They kept, %"), "indigo", [each.them for each in nights]),
        (gettext("We kept, %"), "jade", [each.us for each in nights]),
    )
    lines = tuple(
        line(name, tone, values, ["" if value is None else str(value) for value in values])
        for name, tone, values in columns
    )
    label = gettext("The standing of each night, and the percent of promises that each side kept.")
    names = tuple(str(day(each.as_of)) for each in nights)
    return Chart("chart-standing", "line", gettext("Standing"), label, gettext("Night"), names, lines, most=100)


def evidence(customer: Customer, shown: dict[str, str]) -> list[tuple[str, str]]:
    """Where the items behind the reasons are: name and address."""

    def address(name: str, *args: int, **query: str) -> str:
        given = urlencode({key: value for key, value in (shown | query).items() if value})
        return reverse(name, args=args) + (f"?{given}" if given else "")

    return [
        (gettext("What is overdue"), address("items", key=customer.code, part="past_due")),
        (gettext("What was paid, and when"), address("customer-account", customer.id)),
    ]
