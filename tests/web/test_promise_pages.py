"""Promises on pages: both sides' forms, how each stands and why, the month and the list of everybody, files."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import client_of, links, manager, named, person, small_book, team, text
from goodstanding.access.types import SYSTEM
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.make_promise import make_promise
from goodstanding.parties.models import Customer
from goodstanding.promises import queries
from goodstanding.promises.models import Promise
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.models import Item
from ledger import BY, day, pay

pytestmark = pytest.mark.django_db
JUNE = day(6, 2)  # after what the small book has paid


def at(code: str, what: str = "") -> str:
    return f"/customers/{Customer.objects.get(code=code).pk}/promises/{what}"


def of(key: str, what: str) -> str:
    one = Promise.objects.get(key=key)
    return f"/customers/{one.customer_id}/promises/{one.pk}/{what}/"


def initial(client: Any, address: str) -> dict[str, str]:
    """The values of a page's form as a browser would send them back."""
    source = client.get(address).content.decode()
    found = dict(re.findall(r'<input[^>]*name="([\w-]+)"[^>]*value="([^"]*)"', source))
    for name, block in re.findall(r'<select[^>]*name="([\w-]+)"(.*?)</select>', source, flags=re.S):
        picked = re.search(r'value="([^"]*)" selected', block) or re.search(r'value="([^"]*)"', block)
        found[name] = picked.group(1) if picked else ""
    return found


def said(client: Any, answer: Any) -> str:
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer["Location"]))


def theirs(amount: int, due: Any, key: str, code: str = "A", **more: Any) -> None:
    new = NewPromise("them", "pay", JUNE, due, amount, more.pop("currency", "EUR"), **more)
    make_promise(**BY, customer=code, promise=new, key=key)


def ours(due: Any, key: str, code: str = "A", **more: Any) -> None:
    make_promise(**BY, customer=code, promise=NewPromise("us", "call_back", JUNE, due, **more), key=key)


def night(as_of: Any) -> None:
    judge_all(actor=SYSTEM, now=BY["now"], as_of=as_of)


def test_they_promise_what_is_past_due_and_it_is_taken_back_from_the_toast() -> None:
    small_book()
    client = manager()
    form = initial(client, at("A", "theirs/"))
    assert form["amount"] == "350.00", "all of it is past due by now"
    item = Item.objects.get(number="A2").pk
    sent = form | {f"item-{item}": "on", f"part-{item}": "120.00", "amount": "120.00", "contact": "Mr He"}
    answer = client.post(at("A", "theirs/"), sent)
    shown = client.get(answer["Location"])
    page = text(shown)
    assert "To pay €120.00" in page and "Mr He" in page and "A2 €120.00" in page and "may still come in time" in page
    one = Promise.objects.get()
    assert (one.amount, one.tolerance, one.due) == (12000, 1, timezone.localdate() + timedelta(days=7))
    client.post(at("A", "theirs/"), sent)
    assert Promise.objects.count() == 1, "sent twice is written once"
    undo = re.search(r'action="([^"]+/undo/)"', shown.content.decode())
    assert undo
    assert "The promise is withdrawn." in said(client, client.post(undo.group(1)))
    assert queries.numbered(one.pk).state == "withdrawn"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"amount": "x"}, "is not an amount"),
        ({"amount": "0"}, "The amount must be above zero"),
        ({"due": "2026-05-01"}, "lie before the day it was made"),
        ({"due": ""}, "This field is required."),
        ({"made": "2199-01-01", "due": "2199-02-01"}, "That day is still to come."),
        ({"tolerance": "61"}, "less than or equal to 60"),
        ({"steps": "0"}, "greater than or equal to 1"),
        ({"steps": "60", "amount": "0.10"}, "1 to 60 steps"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"subject": "x" * 201}, "at most 200 characters"),
        ({"part": "999.00"}, "at most what is open"),
        ({"part": "abc"}, "A2: 'abc' is not an amount"),
    ],
)
def test_what_is_refused_is_told_and_what_was_typed_stays(change: dict[str, str], told: str) -> None:
    small_book()
    client = manager()
    if "part" in change:
        change = {f"part-{Item.objects.get(number='A2').pk}": change["part"]}
    sent = initial(client, at("A", "theirs/")) | {"contact": "as typed"} | change
    answer = client.post(at("A", "theirs/"), sent)
    assert answer.status_code == 200 and told in text(answer), text(answer)[-1500:]
    assert 'value="as typed"' in answer.content.decode()
    assert not Promise.objects.exists()


def test_a_plan_is_shown_before_it_is_kept() -> None:
    small_book()
    client = manager()
    form = initial(client, at("A", "theirs/")) | {"amount": "100.00", "steps": "3", "rhythm": "month"}
    form |= {"made": "2026-01-05", "due": "2026-01-31"}
    answer = client.post(at("A", "theirs/"), form)
    assert "1 31 Jan 2026 €33.33 2 28 Feb 2026 €33.33 3 31 Mar 2026 €33.34" in text(answer)
    assert not Promise.objects.exists()
    seen = re.search(r'name="shown" value="(\w+)"', answer.content.decode())
    assert seen
    other = client.post(at("A", "theirs/"), form | {"shown": seen.group(1), "steps": "4"})
    assert other.status_code == 200 and not Promise.objects.exists(), "other steps are shown again"
    page = said(client, client.post(at("A", "theirs/"), form | {"shown": seen.group(1)}))
    assert "A plan of 3 steps is kept." in page and "Plan of 3 steps, €100.00" in page
    assert [each.due.isoformat() for each in Promise.objects.order_by("step")] == [
        "2026-01-31", "2026-02-28", "2026-03-31",
    ]  # fmt: skip


def test_ours_holds_what_it_is_about_when_overdue_until_it_is_kept() -> None:
    small_book()
    client = manager()
    form = initial(client, at("A", "ours/"))
    item = Item.objects.get(number="A1").pk
    today = timezone.localdate()
    sent = form | {"kind": "visit", "subject": "Show the new roast", "due": today.isoformat(), f"item-{item}": "on"}
    assert "isn't asked for until it is" in text(client.get(at("A", "ours/")))
    page = said(client, client.post(at("A", "ours/"), sent))
    assert "Visit" in page and "Show the new roast" in page and "Lin" in page
    night(today + timedelta(days=1))
    one = Promise.objects.get()
    debit = receivables.items([item])
    assert receivables.held(debit, today + timedelta(days=1)) == {item: 10000}
    late = client.post(of(one.key, "keep"), {"day": (today + timedelta(days=2)).isoformat()})
    assert "That day is still to come." in text(late)
    assert "Kept: nothing is held" in said(client, client.post(of(one.key, "keep"), {"day": today.isoformat()}))
    assert receivables.held(debit, today + timedelta(days=1)) == {}


def test_withdraw_needs_a_reason_and_renew_raises_the_level() -> None:
    small_book()
    client = manager()
    theirs(5000, timezone.localdate(), "p")
    assert "This field is required." in text(client.post(of("p", "withdraw"), {"reason": ""}))
    form = initial(client, of("p", "renew"))
    wrong = client.post(of("p", "renew"), form | {"amount": "x"})
    assert "is not an amount" in text(wrong)
    page = said(client, client.post(of("p", "renew"), form))
    assert "level 2" in page and "renewed" in page
    client.post(of("p", "renew"), form)
    assert Promise.objects.count() == 2
    again = client.post(of("p", "renew"), form | {"key": "another"})
    assert again.status_code == 200 and "It was kept, withdrawn or renewed already." in text(again)
    new = Promise.objects.exclude(key="p").get()
    assert "withdrawn" in said(client, client.post(of(new.key, "withdraw"), {"reason": "they went out of business"}))
    assert "they went out of business" in text(client.get(at("A")))


def test_rates_of_both_sides_and_no_figure_without_any() -> None:
    small_book()
    client = manager()
    assert text(client.get(at("A"))).count("No figure: none was judged yet.") == 2
    for n, (promised, got) in enumerate(((1_000_000, 1_000_000), (500_000, 300_000), (800_000, 0), (200_000, 200_000))):
        due = day(6, 2) + timedelta(days=5 * n)
        made = due - timedelta(days=1)
        new = NewPromise("them", "pay", made, due, promised, "EUR")
        make_promise(**BY, customer="A", promise=new, key=f"p{n}")
        if got:
            pay("A", f"RC-{n}", got, due)
    night(day(6, 30))
    page = text(client.get(at("A") + "?as_of=2026-06-30"))
    assert "Kept, by count 50% Kept, by amount 48% Received of promised 60% Judged 4" in page
    assert "€3,000.00 of €5,000.00 had come by 7 Jun 2026." in page and "Nothing had come by" in page
    before = text(client.get(at("A") + "?as_of=2026-06-07"))
    assert "Judged 1" in before, "as it stood then"


def test_filters_and_files_show_the_same() -> None:
    small_book()
    client = manager()
    theirs(5000, day(6, 10), "p", subject="=1+1")
    ours(day(12, 30), "q", subject="call about the roast")
    assert "call about the roast" not in text(client.get(at("A") + "?by=them"))
    assert "=1+1" not in text(client.get(at("A") + "?by=us"))
    answer = client.get(at("A") + "?by=them&format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "50.00" in lines[1] and "'=1+1" in lines[1]
    assert client.get(at("A") + "?format=xlsx").content[:2] == b"PK"
    assert "Nobody gave their word" in text(client.get(at("B")))


def test_another_team_s_promise_is_like_none_and_reading_is_not_writing() -> None:
    small_book()
    theirs(5000, day(6, 10), "c", code="C")
    ours(day(6, 10), "a")
    team("South", "south", [person("member", "collector").username])
    outside = client_of(person("outside", "collector"))
    assert outside.get(at("C")).status_code == 404 and outside.get(of("c", "renew")).status_code == 404
    crossed = of("c", "renew").replace(at("C"), at("A"))
    assert outside.get(crossed).status_code == 404, "not by another customer's address either"
    assert "Summit" not in text(outside.get("/collections/promises/?view=list"))
    assert "€50.00" not in text(outside.get("/collections/promises/?month=2026-06"))
    auditor = client_of(person("audit", "auditor"))
    page = text(auditor.get(at("A")))
    assert "They promise" not in page and "Another day" not in page and auditor.get(at("A", "ours/")).status_code == 403
    assert "They promise" not in text(manager().get(at("A") + "?as_of=2026-06-29"))


def test_a_merged_customer_takes_no_promise() -> None:
    small_book()
    named("Z", "Old name", status="merged")
    client = manager()
    assert client.get(at("Z", "theirs/")).status_code == 302
    assert "They promise" not in text(client.get(at("Z")))


def test_the_month_has_what_came_and_did_not_by_day_and_currency() -> None:
    small_book()
    client = manager()
    theirs(5000, day(7, 10), "p")
    theirs(900, day(7, 10), "y", code="D", currency="JPY")
    ours(day(7, 12), "q")
    pay("A", "RC-1", 2000, day(6, 20))
    night(day(7, 11))
    early = text(client.get("/collections/promises/?as_of=2026-07-09"))
    assert "came €20.00 to come €30.00 to come ¥900" in early.replace("JP¥", "¥")
    late = client.get("/collections/promises/?month=2026-07&as_of=2026-07-11")
    assert "came €20.00 missed €30.00 missed ¥900" in text(late).replace("JP¥", "¥")
    assert "Ours: 1 waiting" in text(late)
    there = [link for link in links(late, "from=2026-07-10") if "to=2026-07-10" in link]
    assert there and "2 promises" in text(client.get(there[0]))
    assert "Nothing was promised for this month." in text(client.get("/collections/promises/?month=2020-02"))
    assert client.get("/collections/promises/?month=xxxx").status_code == 200


def test_the_list_is_filtered_sorted_and_paged() -> None:
    small_book()
    client = manager()
    for n in range(60):
        theirs(1000 + n, day(7, 1) + timedelta(days=n % 20), f"p{n}")
    ours(day(6, 20), "q", owner="Wei #7")
    theirs(100, day(6, 20), "c", code="C")
    base = "/collections/promises/?as_of=2026-06-25&view=list"
    first = client.get(base)
    assert "62 promises" in text(first) and "1–50 of 62" in text(first)
    assert "51–62 of 62" in text(client.get(base + "&page=2")) and "51–62" in text(client.get(base + "&page=99"))
    top = text(client.get(base + "&sort=amount&order=down&by=them"))
    assert top.index("€10.59") < top.index("€10.58")
    assert "1 promise " in text(client.get(base + "&owner=Wei+%237"))
    assert "1 promise " in text(client.get(base + "&territory=south"))
    assert "1 promise " in text(client.get(base + "&state=overdue"))
    assert "No promise is like that." in text(client.get(base + "&state=renewed"))
    for odd in ("&page=-1", "&page=٣", "&from=x", "&state=%00", "&owner=%00", "&sort=x", "&page=0"):
        assert client.get(base + odd).status_code == 200, odd
    lines = client.get(base + "&format=csv&state=overdue").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "Harbour Light" in lines[1]


@pytest.mark.parametrize("where", ["tab", "month", "list", "timeline"])
def test_many_promises_ask_the_database_no_more(where: str) -> None:
    small_book()
    client = manager()
    item = Item.objects.get(number="A2").pk
    address = {
        "tab": at("A"),
        "timeline": at("A").removesuffix("promises/"),
        "month": "/collections/promises/?month=2026-07",
        "list": "/collections/promises/?view=list",
    }[where]

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    theirs(100, day(7, 1), "first", items=(About(item),))
    asked()
    few = asked()
    for n in range(25):
        theirs(100 + n, day(7, 2), f"p{n}", items=(About(item),))
        ours(day(7, 3), f"q{n}", code="B")
    assert asked() <= few + 1
    print(where, few)


def test_the_timeline_has_promises_in_both_languages() -> None:
    small_book()
    theirs(5000, day(6, 10), "p", contact="Mr He")
    night(day(6, 12))
    here = at("A").removesuffix("promises/") + "?as_of=2026-06-30"
    page = text(manager().get(here))
    assert (
        "Their promise: To pay €50.00 11 Jun 2026 not kept" in page
        and "Their promise: To pay €50.00 2 Jun 2026" in page
    )
    assert text(client_of(person("mei", "credit_manager"), "zh-hans").get(here)) != page
