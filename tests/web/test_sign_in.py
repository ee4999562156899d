"""Sign-in: with name and password, in both languages; without secrets only in the demonstration and on this machine."""

from typing import Any

import pytest
from django.test import Client

from desk import PASSWORD, client_of, person
from goodstanding.access.models import AuditEntry, Person

pytestmark = pytest.mark.django_db


def test_name_and_password() -> None:
    person("wei", "collector", password=PASSWORD)
    client = client_of()
    assert client.get("/receivables/")["Location"] == "/sign-in/?next=/receivables/"
    wrong = client.post("/sign-in/", {"login": "wei", "password": "no"})
    assert wrong.status_code == 200 and b"go together" in wrong.content
    right = client.post("/sign-in/?next=/import/", {"login": "wei", "password": PASSWORD, "next": "/import/"})
    assert right["Location"] == "/import/"
    assert Person.objects.get(username="wei").password.startswith("argon2")
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/receivables/").status_code == 302


def test_the_door_speaks_chinese() -> None:
    page = client_of(language="zh-hans").get("/sign-in/").content.decode()
    assert 'lang="zh-hans"' in page and "登录" in page and "密码" in page


def test_someone_who_left_is_out() -> None:
    gone = person("gone", "owner", password=PASSWORD)
    client = client_of(gone)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    assert client.get("/receivables/").status_code == 302


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_the_demonstration_lets_in_who_sits_here(host: str, settings: Any) -> None:
    settings.DEMO = True
    client = Client(HTTP_HOST=host)
    assert client.get("/receivables/").status_code == 200
    found = Person.objects.get(username="demo")
    assert not found.has_usable_password() and [r.role for r in found.roles.all()] == ["credit_manager"]
    assert AuditEntry.objects.filter(action="create_person").count() == 1
    assert Client(HTTP_HOST=host).get("/receivables/").status_code == 200
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "10.0.0.5"},
        {"REMOTE_ADDR": "::ffff:10.0.0.5"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "localhost"},
        {"HTTP_HOST": "desk.example"},
        {"HTTP_HOST": "localhost.evil.example"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_FOR": "8.8.8.8"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_X_FORWARDED_HOST": "localhost"},
        {"REMOTE_ADDR": "10.0.0.5", "HTTP_X_FORWARDED_FOR": "127.0.0.1", "HTTP_HOST": "localhost"},
    ],
    ids=str,
)
def test_the_demonstration_lets_in_nobody_else(more: dict[str, str], settings: Any) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["*"]
    client = Client(**{"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", **more})
    assert client.get("/receivables/").status_code == 302
    assert b"Look around" not in client.get("/sign-in/").content
    assert not Person.objects.exists()


def test_without_the_demonstration_nobody_is_let_in(settings: Any) -> None:
    settings.DEMO = False
    assert client_of().get("/receivables/").status_code == 302
    assert not Person.objects.exists()


def test_who_signs_out_of_the_demonstration_may_come_back(settings: Any) -> None:
    settings.DEMO = True
    client = client_of()
    client.get("/receivables/")
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    door = client.get("/sign-in/")
    assert door.status_code == 200 and b"Look around the sample book" in door.content
