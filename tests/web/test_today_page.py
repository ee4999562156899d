"""Today: the day's figures, who needs attention and why, what falls due, birthdays by sun and moon."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import client_of, links, manager, named, person, small_book, team, text
from goodstanding.access.models import Person
from goodstanding.actions.assess_standing import assess_standing
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.work_decision import finish
from goodstanding.collections.operations import store_run
from goodstanding.collections.queries import strategy_on, withheld, worklist
from goodstanding.collections.rules.deciding import decide
from goodstanding.collections.rules.saying import said
from goodstanding.collections.types import Wanted
from goodstanding.parties.models import Contact, Customer
from goodstanding.promises.types import NewPromise
from goodstanding.reports.collecting import facts
from goodstanding.web.templatetags.desk import amount as written
from ledger import BY, NOW, day, pay, post

pytestmark = pytest.mark.django_db
PAGE = "/today/?as_of=2026-06-30&currency=EUR"


def decide_all() -> None:
    """Decide for 30 June and store it, without what else a run does."""
    chosen = strategy_on(day(6, 30))
    known = facts(day(6, 30), until=NOW, strategy=chosen)
    made = [found for each in known if (found := decide(each, chosen.strategy, day(6, 30))) is not None]
    store_run(day(6, 30), chosen.version, "facts", made, by="lin", now=NOW)


def get(address: str, client: Any = None) -> Any:
    found = Person.objects.filter(username="lin").first()
    answer = (client or (client_of(found) if found else manager())).get(address)
    assert answer.status_code == 200
    return answer


def order(answer: Any) -> list[str]:
    return re.findall(r'class="strong plain" href="/customers/\d+/[^"]*">([^<]+)<', answer.content.decode())


def test_figures_and_the_order_by_money_days() -> None:
    small_book()
    answer = get(PAGE)
    page = text(answer)
    assert "Open €900.00 5 items" in page
    assert "Past due, to be asked for €780.00" in page, "250 + 70 + 500 less the 40 held"
    assert "Unapplied −€20.00 1 item" in page
    assert order(answer) == ["Summit Vending", "Harbour Light Cafés", "咖啡之家"]
    assert "oldest 45 days past due" in page and "40.00 held" in page and "20.00 to be matched" in page
    assert "3 customers have something past due" in page
    pay("C", "PC", 50000, day(6, 30), "oldest")
    assert order(get(PAGE)) == ["Harbour Light Cafés", "咖啡之家"], "paid a moment ago counts at once"
    assert order(get("/today/?as_of=2026-06-29&currency=EUR"))[0] == "Summit Vending"


def test_each_figure_opens_into_its_items() -> None:
    small_book()
    for href in links(get(PAGE), "/receivables/items/"):
        page = text(get(href))
        assert "Nothing is open here" not in page, href
    asking = next(link for link in links(get(PAGE), "part=asking") if "key" not in link)
    assert "3 open items" in text(get(asking)) and "€820.00" in text(get(asking)) and "€40.00 held" in text(get(asking))
    soon = next(iter(links(get("/today/?as_of=2026-07-04&currency=EUR"), "part=soon")))
    assert "1 open item" in text(get(soon)) and "A1" in text(get(soon))


def test_what_falls_due_day_by_day() -> None:
    small_book()
    page = text(get("/today/?as_of=2026-07-04&currency=EUR"))
    assert "Due within seven days €100.00 1 item" in page
    assert "Fri 10 100.00" in page and "Sat 11" not in page and "today day of rest – 0" in page


def test_above_the_limit_only_in_its_own_currency() -> None:
    small_book()
    Customer.objects.filter(code="A").update(credit_limit=30000, currency="EUR")
    Customer.objects.filter(code="C").update(credit_limit=1, currency="USD")
    page = text(get(PAGE))
    assert "50.00 above the credit limit" in page and page.count("above the credit limit") == 1


def test_amounts_beyond_64_bits_when_multiplied_still_order() -> None:
    for code, amount in (("X", 10**15), ("Y", 10**15 - 1)):
        named(code, f"Large {code}")
        post(code, f"{code}1", amount, day(1, 1), due=day(1, 2))
    named("Z", "Small")
    post("Z", "Z1", 100, day(1, 1), due=day(1, 2))
    assert order(get("/today/?as_of=2199-06-30&currency=EUR")) == ["Large X", "Large Y", "Small"]


def test_birthdays_by_the_sun_and_by_the_moon() -> None:
    head = named("A", "Harbour Light")
    other = named("S", "Summit", territory="south")
    post("A", "A1", 100, day(1, 1))
    for customer, name, birthday, calendar, may in (
        (head, "Sun", "1980-06-17", "solar", True),
        (head, "Moon", "05-05", "lunar", True),  # the dragon boat festival: 19 June 2026
        (head, "Sunday", "05-05", "", True),
        (head, "Quiet", "06-17", "", False),
        (head, "Late", "06-24", "", True),
        (other, "Hidden", "06-18", "", True),
    ):
        Contact.objects.create(
            customer=customer, name=name, birthday=birthday, birthday_calendar=calendar, may_contact=may
        )
    team("South", "south", [person("member", "collector").username])
    stranger = client_of(person("stranger", "collector"))
    page = text(get("/today/?as_of=2026-06-17", stranger)).split("Birthdays")[1]
    assert "Sun Harbour Light Wed 17" in page and "Moon Harbour Light Fri 19 lunar" in page
    assert not {"Sunday", "Quiet", "Late", "Hidden"} & set(page.split())
    Contact.objects.create(customer=head, name="New year", birthday="01-01")
    assert "New year Harbour Light Fri 1" in text(get("/today/?as_of=2026-12-28"))


def test_birthdays_that_not_every_year_has() -> None:
    head = named("A", "Harbour Light")
    post("A", "A1", 100, day(1, 1))
    Contact.objects.create(customer=head, name="Leap", birthday="1992-02-29")
    Contact.objects.create(customer=head, name="Moon", birthday="05-30", birthday_calendar="lunar")
    assert "Leap Harbour Light Sat 28" in text(get("/today/?as_of=2026-02-25"))
    assert "Leap Harbour Light Tue 29" in text(get("/today/?as_of=2028-02-25"))
    # the fifth month of 2026 ends on its 29th day, 13 July
    assert "Moon Harbour Light Mon 13 lunar" in text(get("/today/?as_of=2026-07-10"))


def test_another_teams_customers_are_not_there() -> None:
    small_book()
    team("South", "south", [person("member", "collector").username])
    page = text(get(PAGE, client_of(person("stranger", "collector"))))
    assert "Summit" not in page and "Past due, to be asked for €280.00" in page


def following(answer: Any) -> list[str]:
    return re.findall(r'data-next href="/customers/\d+/[^"]*">([^<]+)<', answer.content.decode())


def test_what_to_do_next_with_its_gain_and_what_is_held() -> None:
    small_book()
    for each in Customer.objects.all():
        Contact.objects.create(customer=each, name="Mei", email=f"mei@{each.code}.example", may_contact=True)
    assert "Nothing has been decided yet" in text(get(PAGE))
    decide_all()
    rows = worklist(day(6, 30), Wanted(currency="EUR"))
    assert rows, "the small book gives something to do"
    answer = get(PAGE)
    page = text(answer)
    names = dict(Customer.objects.values_list("code", "name"))
    assert following(answer) == [names[each.decision.customer] for each in rows]
    first = rows[0].decision
    assert f"+{written(first.gain.expected, 'EUR')} expected" in page and "in 1000" in page, "the gain and its inputs"
    for each in first.reasons:
        assert said(each).split(":")[0].split(" past due")[0] in page or each.code in ("step", "gain", "behaviour")
    assert ("Held for a reason" in page) == bool(withheld(day(6, 30)))
    assert "Decided for 30 Jun 2026; nothing newer" in text(get("/today/?as_of=2026-07-02&currency=EUR"))
    assert following(get("/today/?as_of=2026-06-29&currency=EUR")) == [], "decided the day after"
    team("South", "south", [person("member", "collector").username])
    stranger = client_of(person("stranger", "collector"))
    assert "Summit Vending" not in following(get(PAGE, stranger))
    row = rows[0]
    finish(**BY, decision=row.id, day=day(6, 30), outcome="other")
    assert len(following(get(PAGE))) == len(rows) - 1, "what is done is gone"


def test_what_was_paid_since_it_was_decided_is_said() -> None:
    small_book()
    for each in Customer.objects.all():
        Contact.objects.create(customer=each, name="Mei", email=f"mei@{each.code}.example", may_contact=True)
    decide_all()
    assert "since it was decided" not in text(get(PAGE))
    pay("C", "PC", 50000, day(6, 30), "oldest")
    page = text(get(PAGE))
    assert "Paid since it was decided" in page and page.count("when it was decided") == 0
    pay("A", "PA2", 1000, day(6, 30), "oldest")
    assert "210.00 EUR when it was decided" in text(get(PAGE))


def test_promises_of_the_week_and_of_the_day() -> None:
    small_book()
    assert "They promised to pay nothing this week." in text(get(PAGE))
    for code, due, amount_ in (("A", day(6, 30), 10000), ("B", day(7, 2), 5000)):
        new = NewPromise(by="them", kind="pay", made=day(6, 29), due=due, amount=amount_, currency="EUR")
        make_promise(**BY, customer=code, promise=new)
    ours = NewPromise(by="us", kind="call_back", made=day(6, 29), due=day(6, 30), subject="the broken crate")
    make_promise(**BY, customer="A", promise=ours)
    page = text(get(PAGE))
    assert "today 100.00" in page and "Thu 2 50.00" in page
    assert "Theirs due today 1 · €100.00 0 kept, 1 open" in page and "Ours due today 1 0 kept, 1 open" in page
    pay("A", "PA2", 10000, day(6, 30), "none")
    assert "1 · €100.00 1 kept, 0 open" in text(get(PAGE))


def test_a_ring_stands_beside_everybody() -> None:
    small_book()
    assert "No standing yet" in get(PAGE).content.decode()
    assess_standing(**BY, as_of=day(6, 30))
    decide_all()
    body = get(PAGE).content.decode()
    assert "No standing yet" not in body
    assert len(re.findall(r'class="ring"[^>]*role="img" aria-label="Standing \d+: they kept 0%"', body)) >= 3
    ids = re.findall(r' id="([^"]+)"', body)
    assert len(ids) == len(set(ids)), "a customer may stand in both lists"


def test_an_empty_book_leads_to_the_import() -> None:
    assert "/import/" in links(get("/today/"))
    assert "The book is empty" in text(get("/today/", client_of(person("c", "collector"))))
    post(named("A", "Shop").code, "A1", 100, day(6, 1))
    assert "Nothing was open on this day" in text(get("/today/?as_of=2026-01-01"))


def test_how_many_queries_the_page_asks() -> None:
    small_book()
    client = manager()
    get(PAGE, client)
    for number in range(30):
        named(f"M{number}", f"More {number}")
        post(f"M{number}", f"M{number}", 1000, day(6, 1), due=day(6, 2))
    get(PAGE, client)
    with CaptureQueriesContext(connection) as asked:
        get(PAGE, client)
    print(len(asked))
    assert len(asked) <= 18
    decide_all()
    assess_standing(**BY, as_of=day(6, 30))
    get(PAGE, client)
    with CaptureQueriesContext(connection) as asked:
        get(PAGE, client)
    print(len(asked))
    assert len(asked) <= 25
