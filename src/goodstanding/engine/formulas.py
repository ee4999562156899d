"""The formulas of receivables over plain numbers; the columnar figures end in these.

Amounts are whole minor units of one currency, results exact fractions. The numbers in brackets
are those of the formula book (docs/algorithms/aging.md).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from goodstanding.engine.figures import Figure, Reason, ratio
from goodstanding.kernel.errors import N_

NO_SALES = N_("There are no credit sales in the {days} days to measure by.")
NO_SALES_PERIOD = N_("There are no credit sales in the period to measure by.")
IN_CREDIT = N_("More was paid or credited than billed: nothing is owed in sum.")
AT_LEAST = N_("At least this many days: the receivables are older than the sales on record.")
NEGATIVE_MONTH = N_("A month on the way has negative net sales.")
NOTHING_TO_COLLECT = N_("Nothing was due to be collected.")
NOTHING_PAID = N_("Nothing was paid and nothing is overdue.")
NO_RECEIVABLES = N_("There were no receivables to turn over.")
EMPTY_BUCKET = N_("Nothing stood in this bucket.")
NOTHING_BILLED = N_("Nothing was billed.")
NOT_BOTH = N_("It is the difference of two figures of which one is missing.")

VALUE_CLASSES = (("A", Fraction(80, 100)), ("B", Fraction(95, 100)))
REST = "C"


def dso(receivables: int, sales: int, days: int) -> Figure:
    """Days sales outstanding [1] = receivables / credit sales x days."""
    return ratio(receivables * days, sales, NO_SALES, days=days)


def best_possible_dso(current: int, sales: int, days: int) -> Figure:
    """Best possible DSO [1]: the same over the receivables not yet due."""
    return ratio(current * days, sales, NO_SALES, days=days)


def average_days_delinquent(actual: Figure, best: Figure) -> Figure:
    """ADD [1] = DSO - best possible DSO."""
    if actual.value is None or best.value is None:
        return Figure(None, actual.why or best.why or Reason(NOT_BOTH))
    return Figure(actual.value - best.value)


def countback(receivables: int, months: Iterable[tuple[int, int]]) -> Figure:
    """DSO by countback [2]: `months` are (net sales, days), the newest first; the last counts in part.

    A month without sales counts its days; one with negative sales is noted; where the months run
    out before the receivables do, the figure is noted as a lower bound.
    """
    if receivables < 0:
        return Figure(None, Reason(IN_CREDIT))
    rest, counted, notes = receivables, Fraction(0), []
    for sales, days in months:
        if rest <= 0:
            break
        if sales < 0:
            notes = [Reason(NEGATIVE_MONTH)]
        counted += Fraction(days * rest, sales) if sales > rest else days
        rest -= min(sales, rest)
    if rest > 0:
        notes.append(Reason(AT_LEAST))
    return Figure(counted, notes=tuple(notes))


def collection_effectiveness(opening: int, sales: int, closing: int, closing_current: int) -> Figure:
    """CEI [3] = (opening + sales - closing) / (opening + sales - closing not yet due) x 100."""
    return ratio((opening + sales - closing) * 100, opening + sales - closing_current, NOTHING_TO_COLLECT)


def weighted_delay(parts: Iterable[tuple[int, int]]) -> Figure:
    """Average payment delay [4] over (amount, days late) = sum of amount x days / sum of amount; early is negative."""
    parts = list(parts)
    return ratio(sum(amount * days for amount, days in parts), sum(amount for amount, _ in parts), NOTHING_PAID)


def turnover(sales: int, receivables: Sequence[int]) -> Figure:
    """Turnover [5] = credit sales / average receivables (of the balances given)."""
    return ratio(sales * len(receivables), sum(receivables), NO_RECEIVABLES)


def bad_debt_to_sales(write_offs: int, recoveries: int, sales: int) -> Figure:
    """Bad debt to sales [5] = (write-offs - recoveries) / credit sales."""
    return ratio(write_offs - recoveries, sales, NO_SALES_PERIOD)


def roll_rate(before: int, rolled: int) -> Figure:
    """Roll rate [5]: the part of a bucket that stands in the next one a period later."""
    return ratio(rolled, before, EMPTY_BUCKET)


def shares(billed: int, cash: int, credited: int, written_off: int) -> tuple[Figure, Figure, Figure, Figure]:
    """A vintage's shares [17] in cash, credited, written off and still open: they sum to 1 exactly."""
    open_ = billed - cash - credited - written_off
    cash_, credited_, written_, rest = (
        ratio(part, billed, NOTHING_BILLED) for part in (cash, credited, written_off, open_)
    )
    return cash_, credited_, written_, rest


def value_classes(contributions: Mapping[str, int]) -> dict[str, str]:
    """Value class [22] by contribution, from the top: A until 80% of the total is reached, B until 95%, C the rest.

    The customer that carries the sum across a border still belongs above it. Without a positive
    contribution: C. Equal contributions are taken in the order of their keys.
    """
    positive = sum(value for value in contributions.values() if value > 0)
    classes, sum_before = {}, 0
    for key, value in sorted(contributions.items(), key=lambda pair: (-pair[1], pair[0])):
        above = (name for name, border in VALUE_CLASSES if sum_before < border * positive)
        classes[key] = next(above, REST) if value > 0 else REST
        sum_before += max(value, 0)
    return classes


def quintiles(values: Sequence[int]) -> list[int]:
    """The quintile of each value [22], 5 for the highest fifth; equal values share the lower one."""
    ordered, count = sorted(values), len(values)
    return [1 + 5 * bisect_left(ordered, value) // count for value in values]
