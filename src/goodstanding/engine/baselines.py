"""How well plain averages foretell the days to settle: the errors that any forecast must beat.

The settled invoices are split by invoice date, the last fifth is foretold. "Train labels" uses all
of the first four fifths; "point in time" only what was settled before each invoice's own date.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

TRAIN = Fraction(80, 100)


@dataclass(frozen=True, slots=True)
class Settlement:
    """One settled invoice."""

    customer: str
    number: str
    invoiced: date
    due: date
    settled: date

    @property
    def taken(self) -> int:
        """Days from the invoice to its settlement."""
        return (self.settled - self.invoiced).days


@dataclass(frozen=True, slots=True)
class Baselines:
    """Mean absolute errors in days by rule, and the split they were measured on."""

    train: int
    test: int
    first_test_date: date
    unknown_then: int  # training invoices settled on or after the first test date: they leak the future
    train_mean: Fraction
    train_median: Fraction
    train_labels: Mapping[str, Fraction]
    point_in_time: Mapping[str, Fraction]
    without_history: int  # test invoices whose customer had settled nothing before
    late_rate: Fraction  # of the test invoices


def baselines(settlements: Sequence[Settlement]) -> Baselines:
    """The errors over at least two settlements; ties in the invoice date are split by invoice number."""
    ordered = sorted(settlements, key=lambda one: (one.invoiced, one.number))
    cut = int(len(ordered) * TRAIN)
    train, test = ordered[:cut], ordered[cut:]
    first = test[0].invoiced
    taken = [one.taken for one in train]
    mean_, median_ = _mean(taken), _median(taken)
    by_customer: dict[str, list[int]] = defaultdict(list)
    for one in train:
        by_customer[one.customer].append(one.taken)

    def of_customer(figure: Callable[[Sequence[int]], Fraction], otherwise: Fraction) -> Fraction:
        known = {customer: figure(days) for customer, days in by_customer.items()}
        return _error(test, [known.get(one.customer, otherwise) for one in test])

    point_in_time, without = _point_in_time(ordered, test)
    return Baselines(
        train=len(train),
        test=len(test),
        first_test_date=first,
        unknown_then=sum(one.settled >= first for one in train),
        train_mean=mean_,
        train_median=median_,
        train_labels={
            "global_mean": _error(test, [mean_] * len(test)),
            "global_median": _error(test, [median_] * len(test)),
            "due_date_always": _error(test, [Fraction((one.due - one.invoiced).days) for one in test]),
            "customer_mean": of_customer(_mean, mean_),
            "customer_median": of_customer(_median, median_),
        },
        point_in_time=point_in_time,
        without_history=without,
        late_rate=Fraction(sum(one.settled > one.due for one in test), len(test)),
    )


def _point_in_time(ordered: Sequence[Settlement], test: Sequence[Settlement]) -> tuple[dict[str, Fraction], int]:
    """The errors of rules that know only what was settled before each invoice's date."""
    by_day = sorted(ordered, key=lambda one: one.settled)
    known: list[int] = []
    of_customer: dict[str, list[int]] = defaultdict(list)
    guesses: dict[str, list[Fraction]] = defaultdict(list)
    at = without = 0
    for one in test:
        while at < len(by_day) and by_day[at].settled < one.invoiced:
            insort(known, by_day[at].taken)
            insort(of_customer[by_day[at].customer], by_day[at].taken)
            at += 1
        own = of_customer[one.customer]
        without += not own
        everyone = known or [(one.due - one.invoiced).days]  # nothing settled yet: the terms
        guesses["global_mean"].append(_mean(everyone))
        guesses["global_median"].append(_median(everyone))
        guesses["customer_mean"].append(_mean(own or everyone))
        guesses["customer_median"].append(_median(own or everyone))
    return {name: _error(test, guess) for name, guess in guesses.items()}, without


def _error(test: Sequence[Settlement], guesses: Sequence[Fraction]) -> Fraction:
    return sum((abs(one.taken - guess) for one, guess in zip(test, guesses, strict=True)), Fraction(0)) / len(test)


def _mean(days: Sequence[int]) -> Fraction:
    return Fraction(sum(days), len(days))


def _median(days: Sequence[int]) -> Fraction:
    return Fraction(median(days))
