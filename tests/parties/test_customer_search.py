"""Customers are found by code, name, pinyin and initials, in any width and case, only by who may see them."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.access.types import SYSTEM, Actor
from goodstanding.parties.bulk import save_customers
from goodstanding.parties.queries import choices, customers, search
from goodstanding.parties.rules.search import compact, fold, is_han, needles, readings, search_text

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = {
    "C001": "单氏咖啡馆",  # Shàn as a family name, dān by itself
    "C002": "曾记茶楼",  # Zēng, céng
    "C003": "重庆小面",  # Chóngqìng
    "C004": "Café Müller",
    "C005": "ＡＢＣ　便利店",  # full width
    "C006": "Third Place Roasters",
    "C007": "7-Eleven 长安店",
    "C008": "绿茶餐厅",
    "C009": "Straße & Söhne GmbH",
    "C010": "50% off_shop",
    "00123": "Zero Zero",
    "1E5": "Scientific",
    "C011": "四川重庆火锅",
    "C012": "王府井百货",
}
FOUND = [
    ("C001", "C001"),
    ("c001", "C001"),
    ("Ｃ００１", "C001"),
    ("单氏", "C001"),
    ("shanshi", "C001"),
    ("danshikafeiguan", "C001"),
    ("chanshi", "C001"),
    ("sskfg", "C001"),
    ("dskfg", "C001"),
    ("zengji", "C002"),
    ("cengji", "C002"),
    ("zjcl", "C002"),
    ("chongqing", "C003"),
    ("zhongqing", "C003"),
    ("cqxm", "C003"),
    ("cafe mul", "C004"),
    ("CAFÉ", "C004"),
    ("müller", "C004"),
    ("muller", "C004"),
    ("abc", "C005"),
    ("abcbld", "C005"),
    ("ABCbianlidian", "C005"),
    ("third", "C006"),
    ("place roas", "C006"),
    ("thirdplace", "C006"),
    ("tpr", "C006"),
    ("7-eleven", "C007"),
    ("7eleven", "C007"),
    ("changan", "C007"),
    ("7ecad", "C007"),
    ("lvcha", "C008"),
    ("lucha", "C008"),
    ("lcct", "C008"),
    ("strasse", "C009"),
    ("STRASSE", "C009"),
    ("sohne", "C009"),
    ("50%", "C010"),
    ("off_shop", "C010"),
    ("00123", "00123"),
    ("1e5", "1E5"),
    ("huoguo", "C011"),
    ("sccqhg", "C011"),
    ("wfjbh", "C012"),
    ("　王府井　", "C012"),
]


@pytest.fixture
def book(db: None) -> None:
    save_customers({"code": list(NAMES), "name": list(NAMES.values())})


@pytest.mark.parametrize(("query", "code"), FOUND)
def test_found(book: None, query: str, code: str) -> None:
    found = search(SYSTEM, query)
    assert found, query
    assert code in [each.code for each in found[:2]]


@pytest.mark.parametrize(
    "query", ["", "   ", "　", "\0", "nobody", "C0011", "shanshix", "%%", "\\", "a%c", "C00_", "'; DROP TABLE"]
)
def test_nothing_found(book: None, query: str) -> None:
    assert search(SYSTEM, query) == []


def test_wildcards_are_ordinary_characters(book: None) -> None:
    assert [each.code for each in search(SYSTEM, "%")] == ["C010"]
    assert [each.code for each in search(SYSTEM, "_")] == ["C010"]


def test_the_nearest_comes_first(db: None) -> None:
    names = {"X9": "Old Luna House", "X5": "Luna", "LUNA": "Other", "X7": "Lunatic", "X6": "Bar Lunar"}
    save_customers({"code": list(names), "name": list(names.values())})
    assert [each.code for each in search(SYSTEM, "luna")] == ["LUNA", "X5", "X7", "X6", "X9"]
    assert len(search(SYSTEM, "luna", limit=2)) == 2


def test_others_customers_do_not_exist(db: None) -> None:
    save_customers(
        {"code": ["N1", "S1", "W1"], "name": ["Luna N", "Luna S", "Luna W"], "territory": ["North", "South", ""]}
    )
    north = Actor(1, "n", frozenset({"collector"}), frozenset({"North"}), frozenset({"South"}))
    assert [each.code for each in search(north, "luna")] == ["N1", "W1"]
    assert [each.code for each in customers(north).customers] == ["N1", "W1"]
    assert choices(north, "territory") == ["North"]
    assert choices(SYSTEM, "territory") == ["North", "South"]
    assert len(search(SYSTEM, "luna")) == 3


def test_lists_by_page_and_filter(db: None) -> None:
    codes = [f"C{n:03}" for n in range(25)]
    save_customers(
        {
            "code": codes,
            "name": [f"Shop {n}" for n in range(25)],
            "kind": ["cafe" if n % 2 else "shop" for n in range(25)],
            "parent": [None if n % 5 else "C001" if n else None for n in range(25)],
        }
    )
    seen: list[str] = []
    after = ""
    while True:
        page = customers(SYSTEM, after=after, limit=10)
        seen += [each.code for each in page.customers]
        if not page.next_code:
            break
        after = page.next_code
    assert seen == codes
    assert len(customers(SYSTEM, kind="cafe").customers) == 12
    assert [each.code for each in customers(SYSTEM, parent="C001").customers] == ["C005", "C010", "C015", "C020"]
    assert [each.code for each in customers(SYSTEM, text="shop 24").customers] == ["C024"]
    with pytest.raises(TypeError):
        customers(SYSTEM, password="x")


def test_all_readings_of_the_first_character() -> None:
    assert readings("单") == ("dan", "chan", "shan")
    assert set(readings("曾")) == {"zeng", "ceng"}
    assert readings("绿")[0] == "lv"
    text = search_text("C1", "单曾")
    for spoken in ("\ndanzeng\n", "\nshanceng\n", "\nchanceng\n"):
        assert spoken in text or spoken.replace("zeng", "ceng") in text
    assert "\ndc\n" in text and "\nsc\n" in text


def test_folding() -> None:
    assert fold(" ＡＢＣ\t　É  ﬁ ") == "abc e fi"
    assert compact("7-Eleven (No. 3)") == "7elevenno3"
    assert needles(" Luna   ＢＡＲ ") == ["luna", "bar"]
    assert is_han("单") and not is_han("A") and not is_han("カ")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=12))
def test_any_name_is_found_by_itself(name: str, code: str) -> None:
    """Whatever the name holds, its own folded words and code are in its search text; folding twice is folding."""
    text = search_text(code, name)
    for word in [*needles(name), *needles(code)]:
        assert word in text
        assert fold(word) == word
    assert text.startswith("\n") and text.endswith("\n")


@pytest.mark.timeout(100)
def test_fifty_thousand_names_are_searched_before_the_database_has_looked_at_them(db: None) -> None:
    """A table that was just filled has no statistics yet: a plan for an empty one would take minutes."""
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    chars = "山田咖啡茶馆单曾重庆四川银行长安张王李赵小东南西北商店便利超市有限公司绿海天新华和平"
    words = ["Luna", "Café", "Bar", "Kiosk", "Central", "Old", "Harbour", "Roast", "Müller", "Nord"]
    names = [
        "".join(chance.choices(chars, k=chance.randint(4, 12)))
        if n % 2
        else " ".join(chance.choices(words, k=3)) + f" {n}"
        for n in range(50_000)
    ]
    save_customers({"code": [f"C{n:05}" for n in range(50_000)], "name": names})
    found = {
        query: search(SYSTEM, query) for query in ("c04999", "muller nord", "shantian", "银行", "nothing like it", "a")
    }
    assert found["c04999"][0].code == "C04999" and found["nothing like it"] == []
    assert [len(found[query]) for query in ("muller nord", "a")] == [20, 20]
    assert all("Müller" in each.name and "Nord" in each.name for each in found["muller nord"])
