"""Papers on the desk: statements as PDF, many at once, confirmations, the evidence pack, late interest, limitation."""

import hashlib
import io
import re
import zipfile
from datetime import date
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk import client_of, manager, named, person, small_book, team, text
from goodstanding.access.models import AuditEntry
from goodstanding.access.types import SYSTEM
from goodstanding.actions.make_statements import resume_statements
from goodstanding.actions.reverse_item import reverse_item
from goodstanding.actions.set_late_interest import set_late_rule
from goodstanding.jobs import papers as jobs
from goodstanding.outbound.models import Export
from goodstanding.parties.models import Customer
from goodstanding.receivables.interest import Rule
from goodstanding.receivables.models import Confirmation, Item, LateRule
from ledger import BY, day, post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def book(db: None) -> None:
    small_book()


def number(code: str) -> int:
    return Customer.objects.get(code=code).pk


def read(response: Any) -> str:
    assert response["Content-Type"] == "application/pdf", response.content[:200]
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)


def flat(words: str) -> str:
    return "".join(words.split())


def test_the_statement_as_pdf_says_what_the_page_says() -> None:
    client = manager()
    where = f"/customers/{number('A')}/statement/?from=2026-05-01&as_of=2026-06-30"
    said = flat(read(client.get(where + "&format=pdf&lang=en")))
    for figure in ("Statementofaccount", "Openingbalance", "300.00", "350.00", "EUR350.00", "A2"):
        assert figure in said
    chinese = flat(read(client.get(where + "&format=pdf&lang=zh-hans")))
    assert "2026年6月30日" in chinese and "对账单" in chinese


def printed(client: Client, **given: str) -> Export:
    form = {"who": "open", "first": "2026-06-01", "last": "2026-06-30", "language": "en"} | given
    answer = client.post("/papers/statements/", form)
    assert answer.status_code == 302, text(answer)
    found = Export.objects.latest("id")
    assert "You can leave this page" in text(client.get(answer.url))
    jobs.run_statements.func(found.pk, int(client.session["_auth_user_id"]))
    return Export.objects.get(pk=found.pk)


def unpacked(client: Client, found: Export) -> dict[str, bytes]:
    body = b"".join(client.get(f"/papers/statements/{found.pk}/file/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_many_statements_are_printed_by_the_worker_and_fetched() -> None:
    client = manager()
    found = printed(client)
    assert found.state == "done" and found.counts == {"statements": 4}
    files = unpacked(client, found)
    assert [name.split("-")[1] for name in files] == ["A", "B", "C", "D"]
    alone = client.get(f"/customers/{number('D')}/statement/?from=2026-06-01&as_of=2026-06-30&format=pdf&lang=en")
    assert files[f"statement-D-{number('D')}-2026-06-30.pdf"] == alone.content, (
        "the same bytes one by one and in a pile"
    )
    assert "Download" in text(client.get(f"/papers/statements/{found.pk}/"))
    assert AuditEntry.objects.filter(subject=f"statements {found.pk}").count() == 3
    assert client.get(f"/export/{found.pk}/").status_code == 404, "no export of the book"


def test_only_those_past_due_or_named() -> None:
    client = manager()
    assert printed(client, who="late").counts == {"statements": 3}
    assert printed(client, who="codes", codes="D, A nobody").counts == {"statements": 2}
    assert "Nobody was chosen" in text(
        client.post("/papers/statements/", {"who": "codes", "first": "2026-06-01", "last": "2026-06-30"})
    )
    assert "begins before" in text(
        client.post("/papers/statements/", {"who": "open", "first": "2026-07-01", "last": "2026-06-30"})
    )


def test_another_team_s_customers_are_not_printed_and_another_s_pile_is_not_there() -> None:
    team("South", "south", [person("sun", "collector").username])
    named("F", "Far", territory="south")
    post("F", "F1", 1000, day(6, 1))
    other = client_of(person("ning", "collector"))
    assert printed(other, who="codes", codes="A F").counts == {"statements": 1}
    foreign = printed(manager(), who="codes", codes="A F")
    assert foreign.counts == {"statements": 2}
    for where in ("", "file/"):
        assert other.get(f"/papers/statements/{foreign.pk}/{where}").status_code == 404
    assert other.post(f"/papers/statements/{foreign.pk}/restart/").status_code == 404


def test_a_pile_whose_worker_died_is_resumed() -> None:
    client = manager()
    client.post("/papers/statements/", {"who": "open", "first": "2026-06-01", "last": "2026-06-30"})
    found = Export.objects.latest("id")
    assert resume_statements(actor=SYSTEM, now=timezone.now()) == [found.pk]
    jobs.run_statements.func(found.pk, 0)
    assert resume_statements(actor=SYSTEM, now=timezone.now()) == []


def asked(client: Client, **given: Any) -> Confirmation:
    form = {"currency": "EUR", "as_of": "2026-06-30", "language": "zh-hans", "days": 30} | given
    answer = client.post(f"/customers/{number('A')}/papers/", form)
    assert answer.status_code == 302, text(answer)
    return Confirmation.objects.latest("pk")


def link(client: Client) -> str:
    page = client.get(f"/customers/{number('A')}/papers/").content.decode()
    (found,) = set(re.findall(r'href="http://localhost(/c/[^"]+)"', page))
    return found


def test_a_confirmation_is_asked_once_printed_and_withdrawn() -> None:
    client = manager()
    found = asked(client)
    assert (found.amount, found.items) == (35000, 2)
    assert asked(client).pk == found.pk, "the same question twice is one"
    where = link(client)
    paper = flat(read(client.get(f"/customers/{number('A')}/papers/{found.pk}/")))
    assert "EUR350.00" in paper and where.rstrip("/").rsplit("/", 1)[1][:20] in paper
    assert client.get(f"/customers/{number('B')}/papers/{found.pk}/").status_code == 404
    assert client_of().get(where).status_code == 200
    assert client.post(f"/customers/{number('A')}/papers/{found.pk}/withdraw/").status_code == 302
    assert client_of().get(where).status_code == 404
    assert "withdrawn" in text(client.get(f"/customers/{number('A')}/papers/"))
    again = asked(client)
    assert again.pk != found.pk, "after a withdrawal the same balance can be asked about again"
    assert client_of().get(link(client)).status_code == 200


def test_the_evidence_pack_and_its_fingerprint() -> None:
    client = manager()
    answer = client.post(f"/customers/{number('A')}/papers/evidence/?as_of=2026-06-30", {"language": "en"})
    said = flat(read(answer))
    assert "40.00indispute" in said, "a pack says what is disputed"
    assert "ClaimsinEUR" in said and "A2" in said and "16May2029" in said and "350.00" in said
    unapplied = flat(
        read(client.post(f"/customers/{number('B')}/papers/evidence/?as_of=2026-06-30", {"language": "en"}))
    )
    assert "PB" in unapplied and "EUR50.00" in unapplied, "what they paid and nobody applied lowers the claim"
    entry = AuditEntry.objects.filter(subject="customer A").latest("sequence")
    assert entry.after["sha256"] == hashlib.sha256(answer.content).hexdigest()


def test_lateness_is_looked_at_charged_and_waived() -> None:
    client = manager()
    assert "No rule says" in text(client.get("/receivables/late-fees/"))
    set_late_rule(**BY, rule=Rule("EUR", date(2026, 1, 1), "daily", 50))
    assert "C1" in text(client.get("/receivables/late-fees/"))
    assert client.post("/receivables/late-fees/").status_code == 302
    made = Item.objects.filter(kind="late_fee")
    assert {each.reference for each in made} >= {"C1", "B1"} and not made.filter(reference="A2"), "A2 is in dispute"
    before = made.count()
    client.post("/receivables/late-fees/")
    assert made.count() == before
    fee = made.get(reference="C1")
    assert fee.number in text(client.get("/receivables/late-fees/")), "what was charged stands under Charged lately"
    assert "Waive it" in text(client.get(f"/items/{fee.pk}/"))
    assert client.post(f"/items/{fee.pk}/waive/", {"reason": "goodwill"}).status_code == 302
    assert "settled" in text(client.get(f"/items/{fee.pk}/"))


def test_a_charge_that_was_reversed_is_made_again_and_nobody_else_s_is_shown() -> None:
    set_late_rule(**BY, rule=Rule("EUR", date(2026, 1, 1), "daily", 50))
    client = manager()
    client.post(f"/customers/{number('C')}/papers/charge/")
    fee = Item.objects.get(kind="late_fee")
    reverse_item(**BY, item=("C", fee.number, 0), day=timezone.localdate(), reason="mistake")
    assert fee.number not in text(client.get("/receivables/late-fees/"))
    client.post("/receivables/late-fees/")
    again = Item.objects.filter(kind="late_fee", reference="C1", reverses=None).latest("pk")
    assert again.pk != fee.pk and again.amount == fee.amount
    team("South", "south", [person("sun", "collector").username])
    other = client_of(person("ning", "collector"))
    said = text(other.get("/receivables/late-fees/"))
    assert "Summit" not in said and "B1" in said
    assert other.post("/receivables/late-fees/").status_code in (302, 403)


def test_the_ways_to_late_fees_and_to_the_claims_that_end(django_assert_max_num_queries: Any) -> None:
    client = manager()
    page = client.get("/receivables/?as_of=2026-06-30").content.decode()
    assert "/receivables/late-fees/?as_of=2026-06-30" in page and "/receivables/expiring/?as_of=2026-06-30" in page
    set_late_rule(**BY, rule=Rule("EUR", date(2026, 1, 1), "daily", 50))
    for step in range(40):
        post("D", f"N{step}", 1000, date(2023, 6, 1), due=date(2023, 7, 15))
        post("C", f"M{step}", 1000, date(2023, 6, 1), due=date(2023, 7, 15))
    for where in ("/receivables/late-fees/", "/receivables/expiring/", f"/customers/{number('C')}/papers/"):
        with django_assert_max_num_queries(45):
            assert "M7" in text(client.get(where))


def test_the_rules_are_set_on_their_page() -> None:
    client = manager()
    page = "/settings/interest/"
    assert "lateness costs nothing" in text(client.get(page))
    rule = {
        "what": "rule",
        "rule-currency": "CNY",
        "rule-start": "2026-06-01",
        "rule-kind": "daily",
        "rule-rate": "0.05",
    }
    assert client.post(page, rule).status_code == 302
    assert LateRule.objects.get().rate == 50
    assert "between 0 and 1000" in text(client.post(page, rule | {"rule-rate": "5"}))
    assert (
        client.post(
            page, {"what": "rate", "rate-currency": "EUR", "rate-start": "2026-01-01", "rate-rate": "-0.88"}
        ).status_code
        == 302
    )
    assert client.post(page, {"what": "life", "life-start": "2026-01-01", "life-years": "2"}).status_code == 302
    said = text(client.get(page))
    assert "0.05%" in said and "-0.88%" in said and "2 years" in said
    assert client_of(person("audit", "auditor")).post(page, rule).status_code == 403


def test_claims_that_end_soon_and_the_clock_of_an_item() -> None:
    post("D", "OLD", 5000, date(2023, 6, 1), due=date(2023, 7, 15))
    client = manager()
    said = text(client.get("/receivables/expiring/?within=30&as_of=2026-06-30"))
    assert "OLD" in said and "15 Jul 2026" in said and "A2" not in said
    assert "15 days left" in text(client.get(f"/items/{Item.objects.get(number='OLD').pk}/?as_of=2026-06-30"))
    assert client.get("/receivables/expiring/?within=99999999999").status_code == 200
    assert client_of(person("none")).get("/receivables/expiring/").status_code == 403


def test_in_chinese_every_page_stands() -> None:
    client = manager("zh-hans")
    for where in ("/papers/statements/", "/settings/interest/", "/receivables/late-fees/", "/receivables/expiring/"):
        assert client.get(where).status_code == 200
    assert client.get(reverse("customer-papers", args=[number("A")])).status_code == 200
