"""The outbox, the texts and the composer: what a person sees of a message and says of it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from desk import client_of, named, person, team, text
from goodstanding.access.models import Person
from goodstanding.access.types import SYSTEM
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.rechecking import recheck
from goodstanding.correspondence import operations, queries
from goodstanding.correspondence.models import Delivery, Message, Template
from goodstanding.correspondence.types import NewMessage
from goodstanding.parties.models import Contact, Customer
from goodstanding.promises.types import NewPromise
from goodstanding.relations.models import Touch
from ledger import pay, post

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def _firm(settings):
    settings.FIRM = ("Word & Co.",)


def debtor(code: str, *, kind: str = "café", territory: str = "") -> Customer:
    one = named(code, f"Customer {code}", currency="EUR", kind=kind, territory=territory)
    Contact.objects.create(customer=one, name=f"Mei of {code}", email=f"{code.lower()}@example.com", language="en")
    post(code, f"INV-{code}", 123_450, today() - timedelta(days=40), due=today() - timedelta(days=10))
    return one


def message(one: Customer, state: str = "queued", **more: object) -> int:
    given = {
        "to": "mei@example.com",
        "language": "en",
        "subject": "Good day",
        "body": f"Good day {HOSTILE}",
        "kind": "answer",
    }
    number = operations.queue(NewMessage(one.pk, **(given | more)), by="t", now=timezone.now())
    lease = {"holder": "x", "lease_until": timezone.now()} if state == "sending" else {}
    Delivery.objects.filter(pk=number).update(state=state, **lease)
    return number


def test_what_nobody_knows_stands_on_top_and_a_person_settles_it():
    one = debtor("A")
    message(one, "sent", subject="Went long ago")
    lost = message(one, "unknown", subject="Lost on the way")
    client = client_of(person("lin", "collector"))
    said = text(client.get("/collections/outbox/"))
    assert said.index("Lost on the way") < said.index("Went long ago") and "nobody knows whether it went" in said
    page = client.get(f"/collections/outbox/{lost}/")
    assert HOSTILE not in page.content.decode() and "It went" in text(page)
    client.post(f"/collections/outbox/{lost}/settle/", {"way": "went", "reason": "they answered it"})
    assert Delivery.objects.get(pk=lost).state == "sent" and Touch.objects.get().kind == "message"
    again = client.post(f"/collections/outbox/{lost}/settle/", {"way": "went"}, follow=True)
    assert "no longer as you saw it" in text(again) and Touch.objects.count() == 1
    client.post(f"/collections/outbox/{lost}/settle/", {"way": "bounced", "reason": "mailbox full"})
    assert "Came back" in text(client.get("/collections/outbox/?state=bounced"))
    assert "Went long ago" not in text(client.get("/collections/outbox/?state=bounced"))


def test_who_only_reads_is_offered_nothing_and_another_team_sees_nothing():
    number = message(debtor("B", territory="south"), "unknown")
    team("North", "north", [person("nora", "collector").username])
    team("South", "south", [person("sue", "collector").username])
    nora = client_of(Person.objects.get(username="nora"))
    assert "Good day" not in text(nora.get("/collections/outbox/"))
    for where in (f"/collections/outbox/{number}/", f"/collections/outbox/{number}/paper/"):
        assert nora.get(where).status_code == 404
    assert nora.post(f"/collections/outbox/{number}/settle/", {"way": "drop"}).status_code == 404
    reader = client_of(person("ann", "auditor"))
    assert "Say what happened" not in text(reader.get(f"/collections/outbox/{number}/"))
    assert reader.post(f"/collections/outbox/{number}/settle/", {"way": "drop"}).status_code == 403


def test_a_letter_by_post_is_printed_and_marked_posted():
    number = message(debtor("A"), channel="post", to="Customer A\nMei")
    client = client_of(person("lin", "collector"))
    pdf = client.get(f"/collections/outbox/{number}/paper/")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    client.post(f"/collections/outbox/{number}/settle/", {"way": "posted"})
    assert Delivery.objects.get(pk=number).state == "sent" and Touch.objects.get().kind == "letter"


def test_the_outbox_as_a_file_and_in_chinese():
    message(debtor("A"), subject="=cmd")
    client = client_of(person("lin", "collector"), "zh-hans")
    assert "发件箱" in text(client.get("/collections/outbox/"))
    body = client.get("/collections/outbox/?format=csv").content.decode("utf-8-sig")
    assert "=cmd" in body and ",=cmd" not in body


def test_a_text_is_changed_previewed_and_its_versions_stay():
    debtor("A")
    boss, where = client_of(person("boss", "credit_manager")), "/collections/templates/reminder/friendly/en/"
    assert "A word about open invoices" in text(boss.get("/collections/templates/"))
    form = {"seen": "0", "subject": "About {amount}", "body": "{contact_name}:\n{items}", "start": str(today())}
    shown = text(boss.post(where, form | {"do": "preview", "customer": "A"}))
    assert "About 1,234.50" in shown and "INV-A, due" in shown and not Template.objects.exists()
    wrong = text(boss.post(where, form | {"body": "x\n{price}", "do": "keep"}))
    assert "Line 2: there is no variable {price}" in wrong and not Template.objects.exists()
    assert boss.post(where, form | {"do": "keep"}).status_code == 302
    stale = text(boss.post(where, form | {"do": "keep"}))
    assert "Somebody else wrote version 1" in stale and Template.objects.count() == 1
    assert "As packaged" in text(boss.get(where)) and "Version 1, from" in text(boss.get(where))
    assert boss.get("/collections/templates/reminder/nice/en/").status_code == 404
    reader = client_of(person("lin", "collector"))
    assert "Next version" not in text(reader.get(where)) and reader.post(where, form).status_code == 403


def test_a_reminder_is_written_true_or_not_at_all():
    one = debtor("A")
    client, where = client_of(person("lin", "collector")), f"/customers/{one.pk}/write/"
    page = client.get(where)
    assert "Dear Mei of A" in page.content.decode() and "1,234.50 EUR" in page.content.decode()
    form = {
        "key": "k",
        "to": "a@example.com",
        "subject": "About 1,234.50 EUR",
        "purpose": "answer",
        "contact": "Mei of A",
    }
    lie = client.post(where, form | {"body": "You owe us 9,999.00 EUR."})
    assert "9,999.00 EUR" in text(lie) and "no amount or count" in text(lie) and not Message.objects.exists()
    stranger = client.post(where, form | {"to": "z@example.com", "body": "Good day."})
    assert "no address of somebody there" in text(stranger) and not Message.objects.exists()
    for _ in range(2):
        done = client.post(where, form | {"body": f"1,234.50 EUR are open. {HOSTILE}"})
    sent = Message.objects.get()
    assert done["Location"] == f"/collections/outbox/{sent.pk}/" and sent.kind == "answer"
    assert HOSTILE not in client.get(done["Location"]).content.decode()


def test_found_needs_five_similar_customers_and_names_nobody():
    one = debtor("A")
    client, where = client_of(person("lin", "collector")), f"/customers/{one.pk}/write/?objection=cash_tight"
    assert "Found is left out: fewer than 5" in text(client.get(where))
    made = today() - timedelta(days=60)
    for n in range(6):
        debtor(f"S{n}")
        told = NewPromise("them", "pay", made, made + timedelta(days=10), amount=50_000, currency="EUR")
        make_promise(actor=SYSTEM, now=timezone.now(), customer=f"S{n}", promise=told)
        if n < 4:
            pay(f"S{n}", f"P{n}", 50_000, made + timedelta(days=5))
    debtor("OTHER", kind="bakery")
    said = client.get(where).content.decode()
    assert "Of 6 customers in a similar position, 4 had paid within 30 days" in said
    assert "Customer S" not in said
    drafted = client.get(where).context["form"].initial | {"objection": "cash_tight", "contact": "Mei of A"}
    assert client.post(where, drafted).status_code == 302
    kept = queries.message(SYSTEM, Message.objects.get().pk)
    assert "Of 6 customers" in kept.body
    untrue = {"wrong_amount", "wrong_day", "unknown_item", "closed_item", "no_promise"}
    assert not untrue & {each.code for each in recheck(SYSTEM, kept, timezone.now()).why}, (
        "the sender counts as its writer"
    )
    lie = client.post(where, drafted | {"key": "l", "body": drafted["body"].replace("Of 6", "Of 60")})
    assert "no amount or count" in text(lie) and Message.objects.count() == 1


def test_how_long_the_outbox_is_doesn_t_matter_for_the_number_of_queries(django_assert_max_num_queries):
    one = debtor("A")
    for n in range(40):
        message(one, subject=f"Letter {n}")
    client = client_of(person("lin", "collector"))
    with django_assert_max_num_queries(14):
        client.get("/collections/outbox/")


def test_without_a_firm_the_writer_is_told_and_no_unfilled_variable_goes_out(settings):
    settings.FIRM = ()
    one = debtor("NF")
    client = client_of(person("nof", "collector"))
    page = text(client.get(f"/customers/{one.pk}/write/?purpose=reminder&language=en"))
    assert "set GOODSTANDING_FIRM" in page and "{firm}" in page and "{contact_name}" not in page and "Mei of NF" in page
    given = {"key": "nf", "to": "mei@example.com", "subject": "Hello", "body": "Good day.\n\n{firm}"}
    said = text(client.post(f"/customers/{one.pk}/write/", {"purpose": "answer", "language": "en", **given}))
    assert "Write something in the place of {firm}" in said and not Message.objects.exists()


def test_a_letter_about_the_statement_carries_it():
    one = debtor("A")
    client, where = client_of(person("lin", "collector")), f"/customers/{one.pk}/write/?purpose=statement&language=en"
    page = client.get(where)
    assert "goes with it as PDF" in text(page)
    form = page.context["form"].initial | {"purpose": "statement", "language": "en", "contact": "Mei of A"}
    assert client.post(where, form).status_code == 302
    kept = queries.message(SYSTEM, Message.objects.get().pk)
    assert [each.media for each in kept.attachments] == ["application/pdf"]
    assert kept.attachments[0].name in text(client.get(f"/collections/outbox/{kept.id}/"))
    fetched = client.get(f"/collections/outbox/{kept.id}/files/1/")
    said = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(fetched.content)).pages)
    assert "Customer A" in said and "INV-A" in said and "1,234.50" in said
    assert client.get(f"/collections/outbox/{kept.id}/files/2/").status_code == 404
