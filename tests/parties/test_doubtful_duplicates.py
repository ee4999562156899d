"""Doubtful duplicates: found among many, named with a reason, in time that grows with the book and not its square."""

import random
import time
from datetime import date
from itertools import combinations

import pytest

from goodstanding.access.types import SYSTEM, Actor
from goodstanding.parties.bulk import save_customers
from goodstanding.parties.queries import doubtful_duplicates
from goodstanding.parties.rules.duplicates import ALIKE, EDIT, ORDER, SAME, SOUND, bare, doubts

PAIRS = [
    ("山田商贸有限公司", "山田商贸", SAME),
    ("Luna Cafe Ltd.", "LUNA  CAFÉ", SAME),
    ("ＡＢＣ便利店", "ABC便利店", SAME),
    ("7-Eleven No. 3", "7Eleven no3", SAME),
    ("王小明咖啡", "王晓明咖啡", SOUND),
    ("Harbour Street Bar", "Bar Harbour Street", ORDER),
    ("Mueller Roasters", "Muller Roasters", EDIT),
    ("Third Place", "Thrid Place", EDIT),
    ("长安大街茶馆", "长安大街茶楼", EDIT),
    ("Old Harbour Roasting Company", "Old Harbor Roasting Co", EDIT),
    ("Grand Central Coffee House and Bakery", "Grand Central Coffee Houses & Bakery", ALIKE),
]
APART = [
    ("Kiosk 12", "Kiosk 13"),
    ("Luna Bar 1", "Luna Bar 11"),
    ("山田", "山本"),
    ("王明店", "王海店"),
    ("Bar A", "Bar B"),
    ("Central Cafe", "Harbour Cafe"),
    ("有限公司", "公司有限"),
]


@pytest.mark.parametrize(("left", "right", "why"), PAIRS)
def test_doubted(left: str, right: str, why: str) -> None:
    (doubt,) = doubts([("A", left, ""), ("X", "Something Else Entirely", ""), ("B", right, "")])
    assert (doubt.left, doubt.right, doubt.reason) == ("A", "B", why)
    assert 90 <= doubt.score <= 100


@pytest.mark.parametrize(("left", "right"), APART)
def test_not_doubted(left: str, right: str) -> None:
    assert doubts([("A", left, ""), ("B", right, "")]) == []


def test_branches_of_one_group_are_not_doubted() -> None:
    rows = [("A", "Luna Bar", "G"), ("B", "Luna Bar", "G"), ("C", "Luna Bar", "H")]
    assert [(d.left, d.right) for d in doubts(rows)] == [("A", "C"), ("B", "C")]


def test_a_crowd_of_one_name_is_told_once_each() -> None:
    rows = [(f"C{n:03}", "Luna Bar", "") for n in range(300)]
    found = doubts(rows, limit=1000)
    assert len(found) == 299
    assert {d.left for d in found} == {"C000"}


def test_the_bare_name() -> None:
    assert bare("山田商贸有限公司") == "山田商贸"
    assert bare("Luna Co., Ltd.") == "luna"
    assert bare("有限公司") == "有限公司", "a name that is nothing but a form stays"
    assert bare("Cola Company") == "cola"
    assert bare("Cocoa") == "cocoa"


def test_no_pair_one_edit_apart_is_missed_by_the_blocking() -> None:
    """Against everybody with everybody, on names that are all near each other."""
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    stock = ["harbourroast", "山田咖啡茶馆", "centralbakery", "单曾长安商店"]
    names = sorted({edited(chance.choice(stock), chance) for _ in range(30)})
    rows = [(f"C{n:03}", name, "") for n, name in enumerate(names)]
    blocked = {(d.left, d.right) for d in doubts(rows, limit=10**6)}
    one_by_one = {(d.left, d.right) for pair in combinations(rows, 2) for d in doubts(pair)}
    assert one_by_one
    missed = one_by_one - blocked
    close = {d.reason for left, right in missed for d in doubts([r for r in rows if r[0] in (left, right)])}
    assert not close & {SAME, SOUND, EDIT}, f"seed {seed}"


def edited(name: str, chance: random.Random) -> str:
    place = chance.randrange(len(name))
    return chance.choice(
        [
            name,
            name[:place] + name[place + 1 :],
            name[:place] + "x" + name[place:],
            name[:place] + "y" + name[place + 1 :],
        ]
    )


def test_fifty_thousand_customers_in_seconds() -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    places = ["海淀", "朝阳", "浦东", "天河", "南山", "武侯", "鼓楼", "江北", "雨花", "和平"]
    kinds = ["咖啡馆", "便利店", "茶楼", "超市", "商贸有限公司"]
    chars = "山田林森水木金火土日月星辰春夏秋冬东南西北中华安康福禄寿喜"
    rows = []
    for n in range(50_000):
        if n % 2:
            name = chance.choice(places) + "".join(chance.choices(chars, k=3)) + chance.choice(kinds)
        else:
            name = f"{chance.choice(['Luna', 'Nord', 'Old', 'Bay'])} {''.join(chance.choices('abcdefghijklmnop', k=7))} Bar"
        rows.append((f"C{n:05}", name, ""))
    hidden = chance.sample(range(0, 50_000, 2), 40)
    rows += [(f"D{n:05}", rows[n][1].replace(" Bar", "  BAR Ltd"), "") for n in hidden]
    started = time.perf_counter()
    found = doubts(rows, limit=10**6)
    took = time.perf_counter() - started
    print(f"{len(rows)} customers, {len(found)} doubts, {took:.1f} s")
    pairs = {(d.left, d.right) for d in found}
    assert {(f"C{n:05}", f"D{n:05}") for n in hidden} <= pairs
    assert took < 60, "everybody with everybody would take an hour"


def test_from_the_book(db: None) -> None:
    save_customers(
        {
            "code": ["A", "B", "C", "D", "E"],
            "name": ["Luna Bar", "Luna Bar Ltd", "Luna Bar", "LUNA BAR", "Luna Bar"],
            "territory": ["North", "North", "South", None, None],
            "parent": [None, "A", None, None, None],
            "merged_into": [None, None, None, None, "A"],
            "merged_on": [None, None, None, None, date(2026, 1, 1)],
        }
    )
    north = Actor(1, "n", frozenset({"collector"}), frozenset({"North"}), frozenset({"South"}))
    assert {(d.left, d.right) for d in doubtful_duplicates(north)} == {("A", "D"), ("B", "D")}
    assert {(d.left, d.right) for d in doubtful_duplicates(SYSTEM)} == {
        ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D"), ("C", "D"),
    }  # fmt: skip
