"""Settings: closing foreseen and done, buckets and tolerances everywhere, the calendar, the mappings of columns."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import client_of, links, named, person, small_book, text
from goodstanding.access.models import AuditEntry, Person
from goodstanding.access.queries import actor_of
from goodstanding.access.types import SYSTEM
from goodstanding.actions.choose_options import choose_options
from goodstanding.actions.close_period import close_period
from goodstanding.actions.edit_mapping import delete_mapping, rename_mapping
from goodstanding.actions.set_calendar import add_own_day, remove_own_day, set_calendar
from goodstanding.actions.set_policy import set_policy
from goodstanding.inbound.models import Mapping
from goodstanding.inbound.operations import open_import, remember
from goodstanding.inbound.types import Options
from goodstanding.kernel.days import BusinessCalendar, countries
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused, StaleVersion
from goodstanding.parties.calendar import calendar, working_times
from goodstanding.parties.models import Customer
from goodstanding.receivables.models import Item, PeriodClose
from goodstanding.receivables.policy import policy
from goodstanding.receivables.queries import closed_through
from goodstanding.reports.closing import closing
from ledger import BY, day, open_of, post

pytestmark = pytest.mark.django_db
BOSS = {"actor": SYSTEM, "now": timezone.now()}


def owner(language: str = "en") -> Any:
    found = Person.objects.filter(username="boss").first()
    return client_of(found or person("boss", "owner"), language)


def page(address: str, client: Any = None) -> str:
    answer = (client or owner()).get(address)
    assert answer.status_code == 200, address
    return text(answer)


def entries(action: str) -> list[tuple[str, Any, Any]]:
    found = AuditEntry.objects.filter(action=action).order_by("sequence")
    return list(found.values_list("subject", "before", "after"))


# closed books


def confirmed(client: Any, through: str, reason: str = "") -> Any:
    """What a person does: look at what it means, then confirm."""
    means = client.get("/settings/books/", {"through": through, "reason": reason})
    hidden = dict(
        re.findall(r'<input type="hidden" name="(through|reason|version)" value="([^"]*)"', means.content.decode())
    )
    assert hidden.keys() == {"through", "reason", "version"}, text(means)
    return client.post("/settings/books/", hidden)


def test_closing_is_foreseen_confirmed_and_reopened_with_a_reason() -> None:
    small_book()
    client = owner()
    means = page("/settings/books/?through=2026-05-31", client)
    # C1 A2 E1 B1; no match is dated before June
    assert "Every day up to 31 May 2026 will be closed" in means and "Items in these days 4" in means
    assert "Matches in these days 0" in means and "€880.00" in means, means
    assert closed_through() is None and not entries("close_period"), "looking changes nothing"
    assert confirmed(client, "2026-05-31").status_code == 302
    assert closed_through() == day(5, 31)
    told = page("/settings/books/", client)
    assert "The books are closed through 31 May 2026." in told and "closed Boss" in told

    refused = page("/settings/books/?through=2026-04-30&reason=", client)
    assert "reopening them needs a reason" in refused and "Open them again" not in refused
    assert "closed through this day already" in page("/settings/books/?through=2026-05-31", client)
    means = page("/settings/books/?through=2026-04-30&reason=a+late+invoice", client)
    assert "can be posted to again" in means and "Items in these days 2" in means and "a late invoice" in means
    confirmed(client, "2026-04-30", "a late invoice")
    assert closed_through() == day(4, 30)
    told = page("/settings/books/", client)
    assert told.index("reopened a late invoice Boss") < told.index("closed Boss")
    assert [after["closed_through"] for _subject, _before, after in entries("close_period")] == [
        "2026-05-31",
        "2026-04-30",
    ]
    for wrong in ("", "2026-02-31", "soon", "0202-01-01"):
        assert client.get("/settings/books/", {"through": wrong}).status_code == 200
        assert client.post("/settings/books/", {"through": wrong}).status_code == 200
    assert closed_through() == day(4, 30)


def test_what_was_foreseen_by_an_older_state_is_not_done() -> None:
    small_book()
    client = owner()
    stale = {"through": "2026-05-31", "reason": "", "version": "0"}
    confirmed(client, "2026-04-30")
    answer = text(client.post("/settings/books/", stale))
    assert "Somebody closed or reopened the books meanwhile" in answer and closed_through() == day(4, 30)
    with pytest.raises(StaleVersion):
        close_period(**BY, through=day(6, 1), version=0)
    assert PeriodClose.objects.count() == 1
    boss = actor_of(Person.objects.get(username="boss"))
    assert closing(boss, day(5, 31), "").items == 2, "only what is not closed yet"


def test_an_auditor_reads_the_closings_and_closes_nothing() -> None:
    small_book()
    close_period(**BY, through=day(5, 31))
    PeriodClose.objects.create(through=day(6, 1), posted_at=timezone.now())  # as an import brings it
    auditor = client_of(person("aud", "auditor"))
    told = page("/settings/books/?through=2026-06-10", auditor)
    assert "closed an import" in told and "closed Terminal" in told and "Show what it means" not in told
    assert auditor.post("/settings/books/", {"through": "2026-06-10"}).status_code == 403


def test_the_closings_turn_their_pages() -> None:
    for number in range(23):
        PeriodClose.objects.create(through=day(1, 1) + timedelta(days=number), posted_at=timezone.now())
    client = owner()
    client.get("/settings/books/")
    with CaptureQueriesContext(connection) as asked:
        first = client.get("/settings/books/")
    assert len(asked) <= 8
    assert "23 Jan 2026" in text(first) and "3 Jan 2026" not in re.sub(r"[123]3 Jan 2026", "", text(first))
    (older,) = set(links(first, "before="))
    assert "3 Jan 2026" in page(older, client) and "1 Jan 2026" in page(older, client)


# buckets and tolerances


def test_the_firm_s_buckets_hold_on_every_page() -> None:
    small_book()
    client = owner()
    before = page("/receivables/?as_of=2026-06-30&currency=EUR", client)
    assert "Not due 1–30 31–60 61–90 Over 90" in before
    assert client.post("/settings/aging/", {"limits": "10, 50", "version": "0"}).status_code == 302
    after = page("/receivables/?as_of=2026-06-30&currency=EUR", client)
    assert "Not due 1–10 11–50 Over 50" in after and "61–90" not in after
    asked = page("/receivables/?as_of=2026-06-30&currency=EUR&buckets=30,60,90", client)
    assert "Not due 1–30 31–60 61–90 Over 90" in asked, "an address may still ask for others"
    kept = links(client.get("/receivables/?as_of=2026-06-30&buckets=30,60,90"), "by=kind")
    assert all("buckets=30%2C60%2C90" in link for link in kept) and kept
    own = links(client.get("/receivables/?buckets=10,50&as_of=2026-06-30"), "/receivables/")
    assert own and not [link for link in own if "buckets=" in link]
    a_page = client.get(f"/customers/{Customer.objects.get(code='A').pk}/?as_of=2026-06-30").content.decode()
    assert 'aria-label="By age: Not due 29%, 11–50 71%"' in a_page
    insight = page("/insight/?as_of=2026-06-30&currency=EUR", client)
    assert "11–50" in insight and "31–60" not in insight
    file = client.get("/receivables/?as_of=2026-06-30&currency=EUR&format=csv").content.decode("utf-8-sig")
    assert "11–50" in file.splitlines()[0] and "31–60" not in file
    behind = page("/receivables/items/?as_of=2026-06-30&currency=EUR&part=b2", client)
    assert "11–50" in behind and "A2" in behind
    change = entries("set_policy")
    assert change == [("policy", {"buckets": [30, 60, 90], "tolerances": []}, {"buckets": [10, 50], "tolerances": []})]


@pytest.mark.parametrize("wrong", ["", "30, 20", "0", "1.5", "a", "30,,60", "9999", ",".join(map(str, range(1, 10)))])
def test_buckets_that_make_no_sense_are_refused(wrong: str) -> None:
    answer = owner().post("/settings/aging/", {"limits": wrong, "version": "0"})
    assert answer.status_code == 200 and policy().limits == (30, 60, 90) and not entries("set_policy")
    assert 'class="error"' in answer.content.decode()


def test_tolerances_are_read_in_their_currency() -> None:
    small_book()
    client = owner()
    given = {"limits": "30, 60, 90", "version": "0", "most-EUR": "1,0.50"}
    assert "is not an amount" in text(client.post("/settings/aging/", given))
    for name, amount, told in (
        ("most-EUR", "1.005", "more decimals than EUR"),
        ("most-JPY", "1.5", "more decimals than JPY"),
        ("most-EUR", "10.01", "between zero and 10.00 EUR"),
        ("most-EUR", "-1", "between zero"),
        ("other_most", "1", "Which currency is it in?"),
    ):
        answer = client.post("/settings/aging/", given | {"most-EUR": "", name: amount})
        assert told in text(answer), text(answer)
    assert policy().version == 0
    more = {"most-EUR": "0.50", "most-JPY": "10", "other": "KWD", "other_most": "1.005"}
    client.post("/settings/aging/", given | more)
    assert dict(policy().tolerances) == {"EUR": 50, "JPY": 10, "KWD": 1005} and policy().version == 1
    assert entries("set_policy")[0][2]["tolerances"] == ["0.50 EUR", "10 JPY", "1.005 KWD"]
    shown = client.get("/settings/aging/").content.decode()
    assert 'value="0.50"' in shown and 'value="1.005"' in shown
    stale = client.post("/settings/aging/", given | {"most-EUR": "2"})
    assert "Somebody changed these settings" in text(stale) and policy().tolerances["EUR"] == 50
    client.post("/settings/aging/", given | {"version": "1", "most-EUR": "0.50"})
    assert dict(policy().tolerances) == {"EUR": 50}, "empty is none"


def test_who_may_not_set_reads() -> None:
    set_policy(**BOSS, limits=[15, 30], tolerances={"EUR": 100}, version=0)
    auditor = person("aud", "auditor")
    told = page("/settings/aging/", client_of(auditor))
    assert "1–15" in told and "€1.00" in told and "Save" not in told.split("Aging and tolerances")[1].split("Help")[0]
    with pytest.raises(NotAllowed):
        set_policy(actor=actor_of(auditor), now=timezone.now(), limits=[1], tolerances={}, version=1)
    assert client_of(person("cash", "cashier")).get("/settings/aging/").status_code == 403


PAYMENT = {
    "number": "R1",
    "date": "2026-06-30",
    "currency": "EUR",
    "reference": "",
    "way": "oldest",
    "tolerance": "0.50",
}


def test_the_payment_page_offers_the_tolerance_and_says_what_it_would_write_off() -> None:
    small_book()
    set_policy(**BOSS, limits=[30], tolerances={"EUR": 50, "JPY": 3}, version=0)
    client = owner()
    where = f"/customers/{Customer.objects.get(code='A').pk}/payment/"
    offered = client.get(where).content.decode()
    assert re.search(r'name="tolerance" value="0.50"', offered) and "&quot;JPY&quot;: &quot;3&quot;" in offered
    items = Item.objects.count()

    def told(**given: str) -> str:
        answer = client.post(where, PAYMENT | {"foresee": "1"} | given)
        assert answer.status_code == 200 and b"<html" not in answer.content
        return text(answer)

    assert told(amount="249.60") == "0.40 EUR would be written off from A2."
    assert told(amount="249.60", tolerance="") == "Nothing would be written off."
    assert told(amount="249.40") == "Nothing would be written off.", "outside the tolerance"
    assert told(amount="9999") == "Nothing would be written off.", "some of it is left"
    assert told(amount="99.70", way="reference", reference="A1") == "0.30 EUR would be written off from A1."
    assert told(amount="249.60", number="") == "0.40 EUR would be written off from A2.", "before all is filled in"
    parts = {f"part-{Item.objects.get(number=name).pk}": part for name, part in (("A1", "99.90"), ("A2", "249.80"))}
    assert told(amount="349.70", way="list", **parts) == "0.30 EUR in all would be written off from A2, A1."
    assert told(amount="x") == told(amount="") == told(amount="249.60", tolerance="y") == ""
    assert Item.objects.count() == items, "foreseeing writes nothing"

    client.post(where, PAYMENT | {"amount": "249.60"})
    assert open_of("A", "A2") == 0 and Item.objects.get(number="A2-TOL").amount == 40, "as foreseen"


# the calendar


def test_the_working_days_of_the_firm() -> None:
    assert calendar().is_working(day(6, 30)) and not calendar().is_working(day(6, 28))
    client = owner()
    given = {"country": "CN", "rest": ["5", "6"], "version": "0"}
    assert client.post("/settings/calendar/", given).status_code == 302
    assert not calendar().is_working(date(2026, 10, 1)) and calendar().is_working(date(2026, 9, 20)), "a make-up Sunday"
    client.post("/settings/calendar/day/", {"day": "2026-10-01", "name": "year end", "working": "1"})
    client.post("/settings/calendar/day/", {"day": "2026-09-20", "name": "outing", "working": "0"})
    assert calendar().is_working(date(2026, 10, 1)) and not calendar().is_working(date(2026, 9, 20))
    assert calendar().name(date(2026, 10, 1)) == "year end" and calendar().kind(date(2026, 10, 2)) == "holiday"
    again = text(client.post("/settings/calendar/day/", {"day": "2026-10-01", "name": "other", "working": "0"}))
    assert "2026-10-01 is set already: year end" in again
    client.post("/settings/calendar/day/remove/", {"day": "2026-10-01"})
    assert not calendar().is_working(date(2026, 10, 1))
    assert [subject for subject, *_rest in entries("set_calendar")] == [
        *("calendar", "calendar 2026-10-01", "calendar 2026-09-20", "calendar 2026-10-01")
    ]
    stale = text(client.post("/settings/calendar/", given | {"country": "DE"}))
    assert "Somebody changed these settings" in stale and working_times().country == "CN"
    assert "Leave at least one day" in text(
        client.post("/settings/calendar/", {"rest": list("0123456"), "version": "1"})
    )
    for wrong in ({"country": "XX"}, {"rest": ["7"]}, {"version": "x"}):
        assert client.post("/settings/calendar/", given | {"version": "1"} | wrong).status_code == 200
    for wrong in ({"day": "2026-02-31"}, {"name": " "}, {"name": "x" * 101}, {"day": "0202-01-01"}):
        sent = {"day": "2026-12-24", "name": "eve", "working": "0"} | wrong
        assert client.post("/settings/calendar/day/", sent).status_code == 200
    for wrong in ("", "soon", "2026-12-24"):
        assert client.post("/settings/calendar/day/remove/", {"day": wrong}).status_code in (302, 404)
    assert len(working_times().closed) == 1 and working_times().country == "CN"


def test_refusals_of_the_calendar() -> None:
    collector = actor_of(person("col", "collector"))
    with pytest.raises(NotAllowed):
        set_calendar(actor=collector, now=timezone.now(), country="", rest=[6], version=0)
    with pytest.raises(NotAllowed):
        add_own_day(actor=collector, now=timezone.now(), day=day(1, 1), name="x", working=True)
    with pytest.raises(NotFound):
        remove_own_day(**BOSS, day=day(1, 1))
    with pytest.raises(Refused, match="name of at most"):
        add_own_day(**BOSS, day=day(1, 1), name="a\nb", working=True)
    assert not entries("set_calendar")


def test_the_coming_year_is_shown_and_guesses_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    set_calendar(**BOSS, country="CN", rest=[5, 6], version=0)
    add_own_day(**BOSS, day=date(2026, 10, 9), name="<b>stock</b>", working=False)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2026, 9, 1))
    client = owner()
    client.get("/settings/calendar/")
    with CaptureQueriesContext(connection) as asked:
        shown = page("/settings/calendar/", client)
    assert len(asked) <= 7
    assert "Thu, 1 Oct 2026 National Day day off" in shown
    assert "Sun, 20 Sep 2026 Working day in exchange working day" in shown
    assert "Fri, 9 Oct 2026 <b>stock</b> our own day off" in shown
    assert "China has not published its working days for 2027 yet" in shown and "a guess day off" in shown
    assert "Thu, 1 Oct 2026 National Day a guess" not in shown
    chinese = page("/settings/calendar/", owner("zh-hans"))
    assert "2026年10月1日周四 国庆节 放假" in chinese and "中国2027年的放假安排尚未公布" in chinese
    auditor = page("/settings/calendar/", client_of(person("aud", "auditor")))
    assert "Public holidays of China" in auditor and "Add the day" not in auditor


def test_due_days_that_are_no_working_days_are_marked() -> None:
    named("A", "Harbour Light")
    post("A", "A1", 10000, day(9, 1), due=day(10, 2))
    asked = "/today/?as_of=2026-10-02&currency=EUR"
    assert "today 100.00" in page(asked)
    set_calendar(**BOSS, country="CN", rest=[5, 6], version=0)
    shown = page(asked)
    assert "today National Day 100.00" in shown and "Thu 8 – 0" in shown
    add_own_day(**BOSS, day=day(10, 8), name="outing", working=False)
    assert "Thu 8 outing – 0" in page(asked)


def test_a_calendar_without_country_and_every_country() -> None:
    plain = BusinessCalendar("", rest=[6], closed={day(1, 2): "x"})
    assert plain.is_working(day(1, 3)) and not plain.is_working(day(1, 4)) and not plain.is_working(day(1, 2))
    assert plain.unpublished(day(1, 1), day(12, 31)) == [] and plain.name(day(1, 1)) == ""
    assert len(countries()) > 150
    sunday_work = BusinessCalendar("SA", rest=[4, 5])
    assert sunday_work.is_working(date(2026, 11, 22)) and not sunday_work.is_working(date(2026, 11, 20))


# mappings


def test_mappings_are_listed_named_and_forgotten() -> None:
    client = owner()
    assert "Nothing was corrected yet" in page("/settings/mappings/", client)
    options = Options(mapping={"number": "Doc", "date": ""}, currency="EUR")
    remember("s1", options, now=timezone.now(), name="strange.csv", columns=[("Doc", "number"), ("Tag", "")])
    (row,) = Mapping.objects.all()
    assert "strange.csv Doc → Number Tag 0 not used yet" in page("/settings/mappings/", client)
    where = f"/settings/mappings/{row.pk}/"
    shown = page(where, client)
    assert "Doc Number Tag left out" in shown and "Currency EUR" in shown
    assert client.post(where, {"name": "Old system", "version": "1"}).status_code == 302
    stale = text(client.post(where, {"name": "Other", "version": "1"}))
    assert "Somebody changed this mapping" in stale
    for wrong in (" ", "x" * 256, "a\u2028b"):
        assert client.post(where, {"name": wrong, "version": "2"}).status_code == 200
    remember("s1", options, now=timezone.now(), name="later.csv", columns=[("Doc", "number")])
    row.refresh_from_db()
    assert (row.name, row.version) == ("Old system", 3), "a person's name stays"
    client.post(f"{where}delete/", {"version": "2"})
    assert Mapping.objects.exists() and "Somebody changed" in page(where, client)
    assert client.post(f"{where}delete/", {"version": "3"})["Location"] == "/settings/mappings/"
    assert not Mapping.objects.exists() and client.get(where).status_code == 404
    assert client.post(f"{where}delete/", {"version": "3"}).status_code == 404
    told = entries("save_mapping")
    assert told[0] == (f"mapping {row.pk}", {"name": "strange.csv"}, {"name": "Old system"}) and told[1][2] is None


def test_a_mapping_counts_the_imports_that_used_it(data_folder: Any) -> None:
    from goodstanding.inbound.reading import read

    file = data_folder / "strange.csv"
    file.write_text("Doc;Kunde;Tag;Summe\nX1;A;13/02/2026;7.00\n")
    chosen = Options(mapping={"number": "Doc", "customer": "Kunde", "date": "Tag", "amount": "Summe"}, currency="EUR")
    reading = read(file, options=chosen)
    assert not reading.faults
    waiting = open_import(digest="", name="strange.csv", options=Options(), actor="x", now=timezone.now())
    choose_options(**BOSS, waiting=waiting, reading=reading, options=chosen)
    row = Mapping.objects.get()
    assert row.used == 0 and row.columns[0] == ["Doc", "number"] and row.name == "strange.csv"
    choose_options(**BOSS, waiting=waiting, reading=reading, options=chosen, remember=False)
    row.refresh_from_db()
    assert row.used == 1 and row.used_at == BOSS["now"]


def test_mappings_of_others_and_none() -> None:
    with pytest.raises(NotFound):
        rename_mapping(**BOSS, mapping=7, name="x", version=1)
    with pytest.raises(NotFound):
        delete_mapping(**BOSS, mapping=7, version=1)
    auditor = actor_of(person("aud", "auditor"))
    with pytest.raises(NotAllowed):
        delete_mapping(actor=auditor, now=timezone.now(), mapping=7, version=1)


def test_the_overview_says_what_is_set() -> None:
    set_policy(**BOSS, limits=[15, 45], tolerances={"EUR": 100}, version=0)
    set_calendar(**BOSS, country="CN", rest=[6], version=0)
    remember("s1", Options(), now=timezone.now(), name="a.csv")
    close_period(**BY, through=day(5, 31))
    client = owner()
    client.get("/settings/")
    with CaptureQueriesContext(connection) as asked:
        shown = page("/settings/", client)
    assert len(asked) <= 16
    for words in ("31 May 2026", "15, 45", "Tolerance: 1.00 EUR", "China", "Weekly rest: Sun", "1 mapping"):
        assert words in shown, words
