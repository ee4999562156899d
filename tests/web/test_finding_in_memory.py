"""What is found in memory is what the database and the engine find, in their order, on books made by chance."""

import random

import pytest

from desk import client_of, named, person, text
from goodstanding.access.types import SYSTEM
from goodstanding.actions.edit_customer import edit_customer
from goodstanding.engine.finding import find_items
from goodstanding.parties.queries import search
from goodstanding.reports import lookup
from goodstanding.reports.book import current_book
from goodstanding.reports.finding import amounts, find
from ledger import BY, day, post

pytestmark = pytest.mark.django_db
NAMES = (
    "咖啡之家",
    "Harbour Light Cafés",
    "单记茶铺",
    "Li Ning",
    "ABC便利店",
    "Harbour",
    "Lights Out",
    "曾家小馆",
    "Café Ünal",
)
WORDS = (
    "ha",
    "harbour",
    "light",
    "harbour light",
    "kfzj",
    "shan",
    "cafe",
    "li",
    "c1",
    "便利",
    "abcbld",
    "zz",
    "a",
    "家",
    "unal",
)


@pytest.mark.parametrize("seed", range(6))
def test_customers_and_items_as_the_slow_ways_find_them(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(lookup, "FEW", chance.choice([0, 3, 200]))
    for at in range(30):
        named(f"C{at}", chance.choice(NAMES) + chance.choice(["", " 2", " Bar"]))
        for n in range(chance.randrange(4)):
            number = chance.choice([f"INV-{at}-{n}", f"{at}{n}7", f"inv{n}{at}", f"发票{at}{n}"])
            post(f"C{at}", number, chance.choice([12345, 100, 5000]), day(chance.randrange(1, 7), 5),
                 reference=chance.choice(["", "INV", f"PO-{n}", "订单7"]), currency=chance.choice(["EUR", "JPY"]))  # fmt: skip
    for round_ in range(2):
        for word in WORDS:
            slow = [each.id for each in search(SYSTEM, word, 8)]
            assert lookup.customers(word, 8) == slow, word
        for word in ("inv", "inv-1", "7", "po-1", "123.45", "发票", "INV-1-0", "100", "zz", "1", "50"):
            given = amounts(word)
            assert lookup.items(word, given, 8) == find_items(current_book(), word, given, 8), word
        if not round_:  # then something is posted and somebody is renamed
            post("C1", "INV-NEW-1", 12345, day(6, 30))
            edit_customer(**BY, code="C2", version=1, changes={"name": "Harbour New"})


def test_a_posted_item_and_a_new_name_are_found_at_once() -> None:
    named("A", "Harbour Light")
    post("A", "A1", 100, day(1, 1))
    client = client_of(person("boss", "owner"))
    assert "No. 9-NEW" not in text(client.get("/search/?q=9-new"))
    post("A", "No. 9-NEW", 100, day(1, 2))
    assert "No. 9-NEW" in text(client.get("/search/?q=9-new"))
    edit_customer(**BY, code="A", version=1, changes={"name": "石库咖啡"})
    assert [each.name for each in find(SYSTEM, "skkf").customers] == ["石库咖啡"]
    assert find(SYSTEM, "\0").customers == () and find(SYSTEM, "%").items == ()
