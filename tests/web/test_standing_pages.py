"""Standing on the pages: the ring with its reasons, the column that sorts, the history, and no figure with why."""

import re
from typing import Any

import pytest

from desk import client_of, links, manager, named, person, small_book, team, text
from goodstanding.access.types import NIGHTLY
from goodstanding.actions.assess_standing import assess_standing
from goodstanding.parties.models import Customer
from goodstanding.standing import queries
from ledger import NOW, day, pay, post

pytestmark = pytest.mark.django_db
LIST = "/customers/?as_of=2026-06-30"


def night(*when: tuple[int, int]) -> None:
    for each in when or ((6, 30),):
        assess_standing(actor=NIGHTLY, now=NOW, as_of=day(*each))


def of(code: str, part: str = "") -> str:
    return f"/customers/{Customer.objects.get(code=code).pk}/{part}?as_of=2026-06-30"


def get(client: Any, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer


def order(answer: Any) -> list[str]:
    return re.findall(
        r'<th scope="row"><span class="name"><a href="/customers/\d+/[^"]*">([^<]+)<', answer.content.decode()
    )


def test_the_header_tells_the_figure_and_why() -> None:
    small_book()
    client = manager()
    assert "No night has assessed this customer yet." in text(get(client, of("A")))
    night()
    stored = queries.standings(None, day(6, 30))[Customer.objects.get(code="A").pk]
    page = text(get(client, of("A", "facts/")))
    assert f"Standing {stored.figure}: they kept 0%" in page
    for each in stored.reasons:
        assert f"{each.template.format(**dict(each.params))} {each.points}" in page
    assert f"Together, of 100 {stored.figure}" in page
    for address in links(get(client, of("A", "facts/")), "part=past_due"):
        assert "A2" in text(get(client, address))
    assert "Nothing has fallen due in the last year." in text(get(client, of("D")))
    assert "No standing: nothing has fallen due" in get(client, of("D")).content.decode()


def test_the_history_is_drawn_with_its_table() -> None:
    small_book()
    client = manager()
    night((6, 29))
    assert "A history is drawn from the second night on." in text(get(client, of("C", "facts/")))
    night()
    pay("C", "PC", 50000, day(6, 30), "oldest")
    night()
    body = get(client, of("C", "facts/")).content.decode()
    assert 'data-chart="chart-standing"' in body and "charts.js" in body
    ours = queries.history(Customer.objects.get(code="C").pk, day(6, 30))
    assert (ours[0].figure or 0) > (ours[1].figure or 0)
    assert f"29 Jun 2026 {ours[1].figure} 0" in text(get(client, of("C", "facts/")))


def test_the_list_sorts_by_it_and_a_night_stored_again_counts_at_once() -> None:
    small_book()
    client = manager()
    night()
    found = queries.standings(None, day(6, 30))
    names = dict(Customer.objects.values_list("pk", "name"))
    codes = dict(Customer.objects.values_list("pk", "code"))
    wanted = sorted(found, key=lambda each: (-1 if found[each].figure is None else found[each].figure, codes[each]))
    assert order(get(client, f"{LIST}&sort=standing")) == [names[each] for each in wanted]
    assert order(get(client, f"{LIST}&sort=standing&order=down"))[-1] == "Tokyo Roast", "who has none comes last"
    pay("C", "PC", 50000, day(6, 30), "oldest")
    night()
    down = order(get(client, f"{LIST}&sort=standing"))
    assert down != [names[each] for each in wanted], "C stands higher now"
    csv = client.get(f"{LIST}&format=csv").getvalue().decode("utf-8-sig")
    assert csv.splitlines()[0].rstrip().endswith("Standing")
    a = found[Customer.objects.get(code="A").pk].figure
    assert any(each.startswith("A,") and each.endswith(f",{a}") for each in csv.splitlines())


def test_pages_of_the_list_by_standing_meet_without_gap() -> None:
    for number in range(120):
        named(f"M{number:03}", f"More {number}")
        post(f"M{number:03}", f"N{number}", 1000, day(1, 1), due=day(6, 1 + number % 29))
    night()
    client, seen = manager(), []
    address = f"{LIST}&sort=standing"
    while address:
        answer = get(client, address)
        seen += order(answer)
        beside = re.findall('id="page-after" href="([^"]+)"', answer.content.decode())
        address = beside[0].replace("&amp;", "&") if beside else ""
    assert len(seen) == len(set(seen)) == 120


def test_another_team_sees_nothing_of_it_and_chinese_has_words() -> None:
    small_book()
    night()
    team("South", "south", [person("member", "collector").username])
    stranger = client_of(person("stranger", "collector"))
    assert stranger.get(of("C")).status_code == 404
    assert "Summit Vending" not in order(get(stranger, f"{LIST}&sort=standing"))
    get(client_of(person("zhang", "collector"), "zh-hans"), of("A", "facts/"))
