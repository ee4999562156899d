"""The public page behind a signed link: one customer's one balance, for whoever holds the link, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from desk import client_of, manager, small_book, text
from goodstanding.access.models import AuditEntry
from goodstanding.actions.ask_confirmation import SALT, ask_confirmation, token, withdraw_confirmation
from goodstanding.receivables.models import ConfirmationAnswer
from ledger import BY, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def book(db: None) -> None:
    small_book()


def asked(**more: Any) -> Any:
    given = {**BY, "now": timezone.now(), "customer": "A", "currency": "EUR", "as_of": date(2026, 6, 30)}
    return ask_confirmation(**(given | more))


def address(found: Any) -> str:
    return f"/c/{token(found)}/"


def test_the_page_says_one_balance_in_their_language_and_is_kept_by_nobody() -> None:
    page = client_of().get(address(asked()))
    said = text(page)
    assert "Harbour Light" in said and "350.00" in said and "30 Jun 2026" in said
    assert "咖啡" not in said and "Summit" not in said
    assert page["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in page["Cache-Control"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    chinese = client_of(language="en").get(address(asked(language="zh-hans", key="zh")))
    assert 'lang="zh-hans"' in chinese.content.decode() and "2026年6月30日" in text(chinese)


def test_it_agrees_once() -> None:
    found, client = asked(), client_of()
    done = client.post(address(found), {"answer": "agrees", "name": "Wang Fang"})
    assert "Wang Fang confirmed it" in text(done)
    client.post(address(found), {"answer": "differs", "amount": "1", "why": "no", "name": "Somebody"})
    kept = ConfirmationAnswer.objects.get()
    assert (kept.agrees, kept.amount, kept.name) == (True, 35000, "Wang Fang")
    assert AuditEntry.objects.filter(subject=f"confirmation {found.key}").count() == 2
    with refused("answered"):
        withdraw_confirmation(**BY, customer="A", key=found.key)


def test_it_differs_and_the_collector_sees_by_how_much() -> None:
    found = asked()
    said = text(
        client_of().post(
            address(found), {"answer": "differs", "amount": "320.50", "why": "A1 <b>came</b> late", "name": "王芳"}
        )
    )
    assert "320.50" in said
    page = manager().get(f"/customers/{found.customer_id}/papers/")
    assert "differs by −€29.50" in text(page) and "<b>came</b>" not in page.content.decode()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"answer": "agrees"}, "required"),
        ({"answer": "differs", "name": "W"}, "write the balance"),
        ({"answer": "differs", "name": "W", "amount": "12,3x"}, "not an amount"),
        ({"answer": "differs", "name": "W", "amount": "350.00"}, "say that it agrees"),
        ({"answer": "differs", "name": "W", "amount": "1" * 30}, "largest"),
        ({"answer": "maybe", "name": "W"}, "choose one"),
        ({"name": "W\x00"}, "choose one"),
    ],
)
def test_what_can_t_be_an_answer_is_said_and_nothing_is_kept(given: dict[str, str], word: str) -> None:
    assert word in text(client_of().post(address(asked()), given))
    assert not ConfirmationAnswer.objects.exists()


def test_forged_withdrawn_and_old_links_look_like_nothing() -> None:
    live, gone, old = asked(), asked(key="gone"), asked(key="old", days=1, now=timezone.now() - timedelta(days=5))
    withdraw_confirmation(**BY, customer="A", key=gone.key)
    sealed = token(live)
    forged = [
        sealed[:-1] + ("A" if sealed[-1] != "A" else "B"),
        "x",
        "1",
        "a:b:c",
        "%00",
        signing.dumps(live.id),
        signing.dumps(10**9, salt=SALT),
        signing.dumps("1", salt=SALT),
    ]
    nothing = text(client_of().get("/no/such/page/"))
    for each in (*forged, token(gone), token(old)):
        for method in ("get", "post"):
            answer = getattr(client_of(), method)(f"/c/{each}/", {"answer": "agrees", "name": "x"})
            assert answer.status_code == 404, each
        assert "There is nothing here" in text(answer) or text(answer) == nothing
    assert not ConfirmationAnswer.objects.exists()


def test_too_many_tries_wait() -> None:
    client = client_of()
    answers = [client.get("/c/guess/").status_code for _ in range(40)]
    assert answers[:30] == [404] * 30 and answers[-1] == 429
