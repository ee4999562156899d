"""The list of what to do next, one piece of work, and the runs: seen and worked with by their roles."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import client_of, links, named, person, team, text
from goodstanding.access.queries import actor_of
from goodstanding.access.types import SYSTEM
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.collections.models import Completion
from goodstanding.collections.queries import work, worklist
from goodstanding.collections.types import Wanted
from goodstanding.promises.models import Promise
from goodstanding.promises.types import NewPromise
from goodstanding.receivables.models import Hold
from goodstanding.relations.models import Touch
from ledger import pay, post

STRATEGY = """
name: plain
segments:
  - name: everybody
    steps:
      - {name: ring them, days: 3, gap: 0, action: call, channel: phone, tone: firm, minutes: 8}
      - {name: hand over, days: 60, gap: 5, action: hand_over, channel: post, tone: final}
"""
ALL = Wanted(states=("open", "taken", "snoozed", "done"))
pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


@pytest.fixture
def book() -> None:
    set_strategy(actor=SYSTEM, now=timezone.now(), text=STRATEGY, start=today(), today=today())
    for code, name, amount in (("A", "Harbour Light", 123_450), ("B", "<b>Bold & Co</b>", 900_000)):
        named(code, name, currency="EUR", territory="north" if code == "A" else "south")
        post(code, f"INV-{code}", amount, today() - timedelta(days=40), due=today() - timedelta(days=10))
    ours = NewPromise("us", "call_back", today() - timedelta(days=2), today(), subject="price of tea")
    make_promise(actor=SYSTEM, now=timezone.now(), customer="A", promise=ours)
    run_collections(actor=SYSTEM, now=timezone.now(), as_of=today())


def decision(code: str) -> int:
    return next(each.id for each in worklist(today(), ALL) if each.decision.customer == code)


@pytest.mark.usefixtures("book")
def test_the_list_shows_who_is_asked_why_and_what_it_brings():
    page = client_of(person("lin", "collector")).get("/collections/")
    said = text(page)
    assert page.status_code == 200 and said.index("Bold & Co") < said.index("Harbour Light")  # most gained first
    assert "<b>Bold" not in page.content.decode()
    assert "10 days past due" in said and "2,250.00 EUR in 8 min: 9,000.00 EUR × 250 in 1000" in said
    assert "Keep our promise" in said and "price of tea" in said
    assert "3 things to do" in said
    only = text(client_of(person("wei", "auditor")).get("/collections/?kind=keep"))
    assert "price of tea" in only and "Bold" not in only and "keep-ours" not in only
    assert "Harbour Light" in text(client_of(person("mo", "owner")).get("/collections/?q=harb&kind=call"))


@pytest.mark.usefixtures("book")
def test_the_list_in_chinese_and_as_a_file():
    assert "10 天" in text(client_of(person("lin", "collector"), "zh-hans").get("/collections/"))
    file = client_of(person("li", "collector")).get("/collections/?format=csv").content.decode("utf-8-sig")
    assert file.splitlines()[0].startswith("Code,Customer,What to do") and "9000.00" in file


@pytest.mark.usefixtures("book")
def test_another_team_s_work_does_not_exist():
    team("North", "north", [person("nora", "collector").username])
    team("South", "south", [person("sue", "collector").username])
    from goodstanding.access.models import Person

    client = client_of(Person.objects.get(username="nora"))
    assert "Bold" not in text(client.get("/collections/"))
    number = decision("B")
    for where in (f"/collections/{number}/", f"/collections/{number}/work/", f"/collections/{number}/later/"):
        data = {"do": "take", "outcome": "reached", "key": "x"}
        assert client.post(where, data).status_code == 404, where
    assert client.get(f"/collections/{number}/").status_code == 404


@pytest.mark.usefixtures("book")
def test_two_clicks_finish_a_row_and_a_third_puts_it_back():
    client, number = client_of(person("lin", "collector")), decision("B")
    answer = client.post(f"/collections/{number}/work/", {"do": "reached", "back": "/collections/?kind=call"})
    assert answer.status_code == 302 and answer["Location"] == "/collections/?kind=call"
    assert work(number, today()).state == "done" and Completion.objects.get().how == "reached"
    assert Touch.objects.get().outcome == "reached" and Touch.objects.get().purpose == "collect"
    page = client.get("/collections/?state=done")
    assert "Reached" in text(page) and "Put back" in text(page)
    client.post(f"/collections/{number}/work/", {"do": "reopen", "back": "https://evil.example/"})
    assert work(number, today()).state == "open"
    assert client.post(f"/collections/{number}/work/", {"do": "nonsense"}).status_code == 302
    assert Touch.objects.count() == 1


@pytest.mark.usefixtures("book")
def test_taking_giving_and_putting_off():
    lin, wei = person("lin", "collector"), person("wei", "collector")
    client, number = client_of(lin), decision("A")
    client.post(f"/collections/{number}/work/", {"do": "take"})
    assert work(number, today()).owner == actor_of(lin).signature
    assert "Harbour" in text(client.get("/collections/?whose=mine"))
    client.post(f"/collections/{number}/later/", {"do": "assign", "person": str(wei.pk)})
    assert work(number, today()).owner == actor_of(wei).signature
    refused = client.post(f"/collections/{number}/later/", {"do": "snooze", "until": str(today()), "reason": "x"})
    assert "Put it off to a later day" in text(refused)
    until = today() + timedelta(days=3)
    client.post(f"/collections/{number}/later/", {"do": "snooze", "until": str(until), "reason": "on holiday"})
    assert (work(number, today()).state, work(number, today()).until) == ("snoozed", until)
    assert "Harbour" in text(client.get("/collections/?state=snoozed"))


@pytest.mark.usefixtures("book")
def test_a_call_leaves_its_touch_and_the_promise_or_nothing():
    client, number = client_of(person("lin", "collector")), decision("A")
    page = client.get(f"/collections/{number}/")
    said = text(page)
    assert "this is Lin of" in said and "1,234.50 EUR" in said and "INV-A" in said
    due = today() + timedelta(days=5)
    form = {"outcome": "promised", "key": "k1", "contact": "Mei", "minutes": "7", "note": "by transfer"}
    bad = client.post(f"/collections/{number}/", form | {"amount": "12,3", "due": str(due)})
    assert bad.status_code == 200 and work(number, today()).state == "open" and not Touch.objects.exists()
    missing = client.post(f"/collections/{number}/", form)
    assert "Say what was promised" in text(missing) and not Promise.objects.filter(by="them").exists()
    good = form | {"amount": "1234.50", "due": str(due)}
    for _ in range(2):
        assert client.post(f"/collections/{number}/", good).status_code == 302
    promise, touch = Promise.objects.get(by="them"), Touch.objects.get()
    assert (promise.amount, promise.due, promise.contact) == (123_450, due, "Mei")
    assert (touch.kind, touch.minutes, touch.outcome, touch.note) == ("call", 7, "promised", "by transfer")
    assert work(number, today()).outcome == "promised"


@pytest.mark.usefixtures("book")
def test_our_promise_is_kept_from_the_list():
    client = client_of(person("lin", "collector"))
    key = Promise.objects.get(by="us").key
    client.post("/collections/ours/", {"key": key, "back": "/collections/"})
    assert "price of tea" not in text(client.get("/collections/"))


@pytest.mark.usefixtures("book")
def test_a_run_shows_each_decision_and_each_no_with_its_reason():
    from goodstanding.parties.models import Customer

    Customer.objects.filter(code="B").update(status="on_hold")
    manager = client_of(person("boss", "credit_manager"))
    answer = manager.post("/collections/runs/decide/")
    page = manager.get(answer["Location"])
    assert "Withheld" in text(page) and "the customer is on hold or closed" in text(page)
    no = text(manager.get(answer["Location"] + "?action=withhold"))
    assert "On hold or closed 1" in no and "Harbour" not in no
    assert "Harbour" not in text(manager.get(answer["Location"] + "?action=withhold&reason=status"))
    assert len(links(manager.get("/collections/runs/"), "/collections/runs/")) >= 2
    again = manager.post("/collections/runs/decide/", follow=True)
    assert "Nothing has changed" in text(again)
    assert client_of(person("lin", "collector")).post("/collections/runs/decide/").status_code == 403
    file = manager.get(answer["Location"] + "?format=xlsx")
    assert file["Content-Type"].endswith("sheet")


@pytest.mark.usefixtures("book")
def test_who_paid_a_part_since_the_morning_is_asked_for_the_rest():
    client, number = client_of(person("lin", "collector")), decision("A")
    pay("A", "RC-1", 100_000, today(), "oldest")
    said = text(client.get("/collections/"))
    assert "1,234.50 EUR when it was decided" in said and " 234.50 EUR" in said
    page = client.get(f"/collections/{number}/")
    assert "I am calling about 1 item of 234.50 EUR" in text(page) and 'value="234.50"' in page.content.decode()
    pay("A", "RC-2", 3_450, today(), "none")
    assert "I am calling about 1 item of 200.00 EUR" in text(client.get(f"/collections/{number}/"))
    pay("A", "RC-3", 20_000, today(), "none")
    assert "Money came that would cover it" in text(client.get("/collections/"))


@pytest.mark.usefixtures("book")
def test_who_paid_promised_or_disputed_since_the_morning_is_marked_and_asked_for_nothing():
    client = client_of(person("lin", "collector"))
    for code in ("P", "D"):
        named(code, f"Customer {code}", currency="EUR")
        post(code, f"INV-{code}", 50_000, today() - timedelta(days=40), due=today() - timedelta(days=10))
    run_collections(actor=SYSTEM, now=timezone.now(), as_of=today())
    pay("A", "RC-1", 123_450, today(), "oldest")
    theirs = NewPromise("them", "pay", today(), today() + timedelta(days=3), 50_000, "EUR")
    make_promise(actor=SYSTEM, now=timezone.now(), customer="P", promise=theirs)
    place_hold(
        actor=SYSTEM, now=timezone.now(), item=("D", "INV-D", 0), amount=50_000, reason="dispute", day=today()
    )  # fmt: skip
    for code, told in (("A", "Paid since"), ("P", "Promised since"), ("D", "Held since")):
        assert told in text(client.get(f"/collections/?q={code}&kind=call")), code
        said = text(client.get(f"/collections/{decision(code)}/"))
        assert f"{told} it was decided: nothing is left to ask for now." in said and "I am calling" not in said, code
    assert "since it was decided" not in text(client.get("/collections/?q=Bold"))
    client.post(f"/collections/{decision('A')}/work/", {"do": "paid"})
    done = text(client.get("/collections/?state=done"))
    assert "1,234.50" in done and "Paid since" not in done, "what is finished stays as it was asked for"


@pytest.mark.usefixtures("book")
def test_the_outcome_dispute_of_the_list_holds_what_was_asked_for():
    client, number = client_of(person("lin", "collector")), decision("A")
    answer = client.post(f"/collections/{number}/work/", {"do": "dispute"}, follow=True)
    assert "What was asked for is held until the dispute is settled." in text(answer)
    assert [(each.amount, each.reason, each.source) for each in Hold.objects.all()] == [
        (123_450, "dispute", f"decision {number}")
    ]
    form = {"outcome": "dispute", "key": "k", "note": "wrong price"}
    for _ in range(2):
        assert client.post(f"/collections/{decision('B')}/", form).status_code == 302
    assert Hold.objects.count() == 2 and Hold.objects.get(item__number="INV-B").source.endswith(": wrong price")


def test_before_anything_was_decided_the_page_says_so():
    page = client_of(person("lin", "collector")).get("/collections/")
    assert "Nothing has been decided yet" in text(page)


@pytest.mark.usefixtures("book")
def test_how_long_the_list_is_doesn_t_matter_for_the_number_of_queries(django_assert_max_num_queries):
    client = client_of(person("lin", "collector"))
    client.get("/collections/")
    for n in range(30):
        named(f"Z{n}", f"Customer {n}", currency="EUR")
        post(f"Z{n}", f"Z-{n}", 1000 + n, today() - timedelta(days=40), due=today() - timedelta(days=10))
    run_collections(actor=SYSTEM, now=timezone.now(), as_of=today())
    with django_assert_max_num_queries(24):
        assert "33 things to do" in text(client.get("/collections/"))
    with django_assert_max_num_queries(34):
        client.get(f"/collections/{decision('A')}/")
