"""A night is replaced whole, and read as the last one up to a day."""

import pytest

from goodstanding.standing import queries
from goodstanding.standing.operations import replace_night
from goodstanding.standing.rules import Facts, standing
from ledger import customer, day

pytestmark = pytest.mark.django_db


def test_a_night_is_replaced_whole() -> None:
    one, other = customer("A").pk, customer("B").pk
    first = standing(Facts(one, 10, 8, 9, None, 2000, 8000, 45, 1, 4, 3), day(6, 1))
    assert replace_night(day(6, 1), [first, standing(Facts(other), day(6, 1))]) == 2
    assert queries.standings([one], day(6, 29)) == {one: first}, "as it was told, reasons in their order"
    assert queries.standings(None, day(5, 31)) == {} and set(queries.standings(None, day(6, 1))) == {one, other}
    again = standing(Facts(one, 10, 9), day(6, 1))
    replace_night(day(6, 1), [again])
    assert queries.standings(None, day(6, 1)) == {one: again}
