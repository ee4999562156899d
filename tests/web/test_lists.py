"""Lists as people arrange them: saved views, columns, the order of names, many customers said one thing at once."""

import html
import random
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import client_of, named, person, small_book, team, text
from goodstanding.access.models import AuditEntry, Person, SavedView
from goodstanding.access.queries import actor_of, verify_chain
from goodstanding.actions.assign_customers import assign_customers, undo_assignment
from goodstanding.actions.edit_customer import edit_customer
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused, StaleVersion
from goodstanding.parties.models import Customer
from goodstanding.parties.rules.search import sort_key
from ledger import BY, day

pytestmark = pytest.mark.django_db
LIST = "/customers/?as_of=2026-06-30"


def names(answer: Any) -> list[str]:
    return re.findall(r'<a href="/customers/\d+/[^"]*">([^<]+)</a>', answer.content.decode())


def beside(answer: Any, side: str) -> str:
    """The address of the page before or after; "" at the ends."""
    found = re.findall(f'id="page-{side}" href="([^"]+)"', answer.content.decode())
    return html.unescape(found[0]) if found else ""


def get(client: Any, address: str, **more: Any) -> Any:
    answer = client.get(address, **more)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer


# the order of names


def test_names_are_in_the_order_that_readers_expect() -> None:
    wanted = ["2 号店", "14 号店", "安记", "Berlin Roast", "咖啡之家", "Quay 2", "Quay 14", "重庆小面", "Кафе"]
    assert sorted(wanted, key=sort_key) == [
        "2 号店",
        "14 号店",
        "安记",
        "Berlin Roast",
        "重庆小面",
        "咖啡之家",
        "Quay 2",
        "Quay 14",
        "Кафе",
    ]
    assert sort_key("Café LUNA") == sort_key("cafe luna") == "cafe0luna"
    assert all(character in "0123456789abcdefghijklmnopqrstuvwxyz" for name in wanted for character in sort_key(name))


def test_the_list_sorts_by_name_and_keeps_the_key_when_a_name_changes() -> None:
    for code, name in (("A", "咖啡之家"), ("B", "Berlin Roast"), ("C", "安记"), ("D", "Quay 14"), ("E", "Quay 2")):
        named(code, name)
    client = client_of(person("boss", "owner"))
    assert names(get(client, f"{LIST}&sort=name")) == ["安记", "Berlin Roast", "咖啡之家", "Quay 2", "Quay 14"]
    assert names(get(client, f"{LIST}&sort=name&order=down"))[0] == "Quay 14"
    edit_customer(**BY, code="C", version=1, changes={"name": "Zebra"})
    assert names(get(client, f"{LIST}&sort=name"))[-1] == "Zebra"


@pytest.mark.parametrize("seed", range(4))
def test_walking_by_key_gives_each_once_whatever_is_asked(seed: int) -> None:
    chance = random.Random(seed)
    for at in range(90):
        made = named(
            f"K{at:03}", chance.choice(["安", "Berlin", "咖啡 2", "咖啡 10", "Ω"]), kind=chance.choice(["", "shop"])
        )
        Customer.objects.filter(pk=made.pk).update(
            since=chance.choice([None, date(2020, 1, 1), date(2021, 1, chance.randrange(1, 28))])
        )
    client = client_of(person("boss", "owner"))
    for sort in ("name", "since", "code"):
        asked = f"{LIST}&sort={sort}&order={chance.choice(['up', 'down'])}&kind={chance.choice(['', 'shop'])}"
        everybody = [
            row.split(",")[0] for row in get(client, f"{asked}&format=csv").content.decode("utf-8-sig").splitlines()[1:]
        ]
        seen, here, pages = [], asked, []
        while here:
            answer = get(client, here)
            pages.append(re.findall(r'<span class="small faint">(K\d+)', answer.content.decode()))
            seen += pages[-1]
            here = beside(answer, "after")
        assert seen == everybody
        while len(pages) > 1:
            answer = get(client, beside(answer, "before"))
            pages.pop()
            assert re.findall(r'<span class="small faint">(K\d+)', answer.content.decode()) == pages[-1]


# columns


def test_columns_are_those_asked_for() -> None:
    small_book()
    client = client_of(person("boss", "owner"))

    def heads(address: str) -> list[str]:
        body = get(client, address).content.decode()
        return [
            re.sub(r"<[^>]+>", "", head).strip()
            for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', body.split("<tbody>")[0])
        ]

    assert heads(LIST)[:7] == ["Customer", "Standing", "Class", "Looked after by", "Open", "Past due", "Unapplied"]
    assert heads(f"{LIST}&columns=-&columns=terms&columns=open")[:3] == ["Customer", "Terms", "Open"]
    assert heads(f"{LIST}&columns=credit_limit,dso,since")[:4] == ["Customer", "Credit limit", "Customer since", "DSO"]
    assert heads(f"{LIST}&columns=-")[:2] == ["Customer", ""], "the last is where rows are chosen"
    assert heads(f"{LIST}&columns=nothing,%00")[:2] == ["Customer", ""]
    book = "/receivables/?as_of=2026-06-30&currency=EUR"
    assert heads(book)[-2:] == ["Unapplied", "Held"] and heads(f"{book}&columns=oldest")[-1] == "Oldest due"
    assert "16 May 2026" in text(get(client, f"{book}&columns=oldest"))


# saved views


def save(client: Any, name: str, query: str, page: str = "customers", **more: str) -> Any:
    answer = client.post(f"/views/{page}/save/", {"name": name, "query": query, **more})
    assert answer.status_code == 302
    return answer


def test_a_view_is_kept_chosen_overwritten_and_forgotten() -> None:
    small_book()
    client = client_of(person("ana", "collector"))
    answer = save(client, " My  shops ", "kind=shop&sort=name&as_of=2020-01-01&after=x&nonsense=1&columns=terms")
    kept = SavedView.objects.get()
    assert kept.name == "My shops" and kept.params == {
        "kind": "shop",
        "sort": "name",
        "order": "up",
        "columns": "terms",
    }
    assert "kind=shop" in answer["Location"] and "as_of" not in answer["Location"]
    page = get(client, answer["Location"])
    assert names(page) == ["咖啡之家", "Tokyo Roast"] and "The view is saved." in text(page)
    assert 'aria-current="true"><span>My shops' in page.content.decode()
    save(client, "My shops", "kind=café")
    assert (
        SavedView.objects.get().params == {"kind": "café"}
        and AuditEntry.objects.filter(action="save_view").count() == 0
    )
    client.post(f"/views/{kept.pk}/delete/", {"next": LIST})
    assert not SavedView.objects.exists()
    assert client.post(f"/views/{kept.pk}/delete/").status_code == 404


def test_a_list_opens_with_the_view_chosen_for_it_and_can_still_show_everything() -> None:
    small_book()
    client = client_of(person("ana", "collector"))
    save(client, "Shops", "kind=shop", opens="1")
    answer = client.get("/customers/?as_of=2026-06-30")
    assert answer.status_code == 302 and answer["Location"] == "/customers/?as_of=2026-06-30&kind=shop"
    assert client.get("/customers/?view=all").status_code == 200
    assert names(get(client, f"{LIST}&view=all")) != names(get(client, LIST, follow=True))
    save(client, "Cafés", "kind=café", opens="1")
    assert [each.name for each in SavedView.objects.filter(opens=True)] == ["Cafés"], "one view opens a list"
    save(client, "Old", "show=oldest&by=kind", page="receivables", opens="1")
    assert client.get("/receivables/")["Location"] == "/receivables/?by=kind&show=oldest"
    other = client_of(person("other", "collector"))
    assert other.get("/customers/").status_code == 200, "another's list opens as it is"


def test_who_may_share_and_what_others_see() -> None:
    small_book()
    ana, boss = client_of(person("ana", "collector")), client_of(person("boss", "credit_manager"))
    assert ana.post("/views/customers/save/", {"name": "x", "query": "", "shared": "1"}).status_code == 403
    save(boss, "Late ones", "behaviour=late", shared="1")
    save(boss, "Mine", "kind=shop")
    seen = text(get(ana, LIST))
    assert "Late ones Boss" in seen and "Mine" not in seen
    assert AuditEntry.objects.filter(action="save_view", subject="view customers Late ones").count() == 1
    number = SavedView.objects.get(name="Late ones").pk
    assert ana.post(f"/views/{number}/delete/").status_code == 404, "only its owner forgets it"
    boss.post(f"/views/{number}/delete/")
    assert AuditEntry.objects.filter(action="save_view").count() == 2


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_unfit_names_of_views_are_refused(name: str) -> None:
    client = client_of(person("ana", "collector"))
    answer = client.post("/views/customers/save/", {"name": name, "query": ""}, follow=True)
    assert "Give the view a name of at most 60 characters." in text(answer) and not SavedView.objects.exists()
    assert client.post("/views/audit/save/", {"name": "x", "query": ""}).status_code == 404


def test_not_more_views_than_a_menu_can_hold() -> None:
    someone = person("ana", "collector")
    SavedView.objects.bulk_create(SavedView(person=someone, page="customers", name=f"v{n}") for n in range(50))
    client = client_of(someone)
    answer = client.post("/views/customers/save/", {"name": "one more", "query": ""}, follow=True)
    assert "You have 50 views of this list" in text(answer)
    save(client, "v3", "kind=shop")
    assert SavedView.objects.get(name="v3").params == {"kind": "shop"}


# many at once


def boss() -> Any:
    found = Person.objects.filter(username="boss").first() or person("boss", "owner")
    return actor_of(found)


def act(codes: str, field: str, value: str, **more: Any) -> Any:
    chosen = dict(Customer.objects.filter(code__in=codes).values_list("pk", "version"))
    return assign_customers(
        **{"actor": boss(), "now": timezone.now(), "chosen": chosen, "field": field, "value": value, **more}
    )


def held(field: str) -> dict[str, str]:
    return dict(Customer.objects.order_by("code").values_list("code", field))


def test_many_customers_get_one_value_and_each_change_is_in_the_trail() -> None:
    small_book()
    Customer.objects.filter(code="B").update(account_manager="Li Na")
    done = act("ABC", "account_manager", " Li Na ")
    assert done.changed == 2 and held("account_manager") == {"A": "Li Na", "B": "Li Na", "C": "Li Na", "D": "", "E": ""}
    entries = AuditEntry.objects.filter(action="assign_customers").order_by("sequence")
    assert [(each.subject, each.before, each.after) for each in entries] == [
        ("customer A", {"account_manager": ""}, {"account_manager": "Li Na", "version": 2}),
        ("customer C", {"account_manager": ""}, {"account_manager": "Li Na", "version": 2}),
    ]
    assert verify_chain() == []
    back = undo_assignment(actor=boss(), now=timezone.now(), first=done.first, last=done.last)
    assert (back.changed, back.left) == (2, 0) and held("account_manager")["B"] == "Li Na"
    assert held("account_manager")["A"] == "" and verify_chain() == []


def test_undoing_leaves_what_was_changed_since() -> None:
    small_book()
    done = act("AB", "kind", "hotel")
    edit_customer(**BY, code="A", version=2, changes={"kind": "bar"})
    back = undo_assignment(actor=boss(), now=timezone.now(), first=done.first, last=done.last)
    assert (back.changed, back.left) == (1, 1) and held("kind")["A"] == "bar" and held("kind")["B"] == "shop"
    with pytest.raises(Refused, match="nothing of yours"):
        undo_assignment(actor=actor_of(person("other", "owner")), now=timezone.now(), first=done.first, last=done.last)
    with pytest.raises(Refused, match="nothing of yours"):
        undo_assignment(actor=boss(), now=timezone.now(), first=1, last=10**9)


def test_all_or_none() -> None:
    small_book()
    stale = {Customer.objects.get(code="A").pk: 1, Customer.objects.get(code="B").pk: 7}
    with pytest.raises(StaleVersion, match="B"):
        act("AB", "kind", "bar", chosen=stale)
    with pytest.raises(NotFound):
        act("A", "kind", "bar", chosen={Customer.objects.get(code="A").pk: 1, 999_999: 1})
    with pytest.raises(Refused, match="terms"):
        act("AB", "terms", "whenever")
    with pytest.raises(Refused):
        act("AB", "name", "x")
    with pytest.raises(Refused):
        act("AB", "kind", "x" * 65)
    versions = {f"{role}_version": 1 for role in ("merged", "survivor")}
    merge_customers(**BY, merged="D", survivor="E", on=day(6, 20), reason="same", **versions)
    with pytest.raises(Refused, match="D is merged"):
        act("AD", "kind", "bar")
    assert set(held("kind").values()) == {"café", "shop", "vending"}
    assert not AuditEntry.objects.filter(action="assign_customers").exists()


def test_rights_and_territories() -> None:
    small_book()
    team("South", "south", [person("member", "collector").username])
    seller = actor_of(person("seller", "account_manager"))
    with pytest.raises(NotAllowed):
        act("A", "kind", "bar", actor=seller)
    lin = actor_of(person("lin", "credit_manager"))
    assert act("A", "status", "on_hold", actor=lin).changed == 1
    assert act("A", "territory", "south", actor=lin).changed == 1, "who sees all may give to any team"


def test_on_the_page_chosen_previewed_assigned_and_taken_back() -> None:
    small_book()
    client = client_of(person("boss", "owner"))
    boxes = re.findall(r'name="chosen"[^>]*value="(\d+\.\d+)"', get(client, LIST).content.decode())
    assert len(boxes) == 5
    address = f"/customers/assign/?chosen={boxes[0]}&chosen={boxes[1]}&kind="
    page = get(client, address)
    assert "Assign to 2 customers" in text(page) and "Kind café 1 shop 1" in text(page)
    seen = re.findall(r'name="seen" value="(\w+)"', page.content.decode())[0]
    answer = client.post(address, {"field": "account_manager", "value": "Li Na", "seen": seen}, follow=True)
    assert "2 customers changed." in text(answer) and held("account_manager")["B"] == "Li Na"
    undo = re.findall(r'action="(/customers/assigned/[^"]+)"', answer.content.decode())[0]
    assert "2 customers changed." in text(client.post(undo, follow=True)) and held("account_manager")["B"] == ""
    again = client.post(address, {"field": "kind", "value": "bar", "seen": seen})
    assert "changed" in text(again) and held("kind")["A"] == "café", "those versions are gone"
    assert "Nobody is chosen" in text(get(client, "/customers/assign/?chosen=x.y&chosen=1"))


def test_all_that_match_are_those_that_were_seen() -> None:
    small_book()
    client = client_of(person("boss", "owner"))
    address = "/customers/assign/?kind=shop&all=1"
    page = get(client, address)
    assert "Assign to 2 customers" in text(page)
    seen = re.findall(r'name="seen" value="(\w+)"', page.content.decode())[0]
    named("F", "New Shop", kind="shop")
    late = client.post(address, {"field": "kind", "value": "bar", "seen": seen})
    assert "have changed since: look again" in text(late) and held("kind")["B"] == "shop"
    seen = re.findall(r'name="seen" value="(\w+)"', get(client, address).content.decode())[0]
    done = client.post(address, {"field": "status", "value": "On hold", "seen": seen}, follow=True)
    assert "3 customers changed." in text(done) and held("status")["F"] == "on_hold"


def test_how_many_statements_an_assignment_takes() -> None:
    boss()

    def count(codes: list[str]) -> int:
        chosen = dict(Customer.objects.filter(code__in=codes).values_list("pk", "version"))
        with CaptureQueriesContext(connection) as asked:
            assign_customers(actor=boss(), now=timezone.now(), chosen=chosen, field="kind", value=f"k{len(codes)}")
        return len(asked)

    for at in range(40):
        named(f"K{at:03}", f"Shop {at}")
    assert count([f"K{at:03}" for at in range(40)]) == count([f"K{at:03}" for at in range(10)])
