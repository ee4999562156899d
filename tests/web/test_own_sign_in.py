"""One's own sign-in: passwords by NIST, the second factor, sessions that can be ended, the firm's own sign-in."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from desk import PASSWORD, client_of, person, text
from goodstanding.access.models import AuditEntry, Person
from goodstanding.access.queries import verify_chain
from provider import CLIENT, SECRET, Provider, provided

pytestmark = pytest.mark.django_db
NEW = "kettle meadow ribbon sunday"


def door(name: str, password: str = PASSWORD, **more: Any) -> tuple[Client, Any]:
    client = client_of(**more)
    return client, client.post("/sign-in/", {"login": name, "password": password})


def entered(name: str, password: str = PASSWORD, **more: Any) -> Client:
    client, answer = door(name, password, **more)
    assert answer.status_code == 302, text(answer)
    return client


def code_of(secret: str) -> str:
    if time.time() % 30 > 25:  # its half minute is nearly over
        time.sleep(5.5)
    (now,) = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))


def with_factor(name: str) -> tuple[Client, str, list[str]]:
    """Somebody with a second factor: their browser, the secret, their recovery codes."""
    client = entered(name)
    page = client.get("/account/second-factor/", follow=True)
    if "Is it you?" in text(page):
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = re.findall(r'class="secret num"[^>]*>(\w+)<', page.content.decode())[0]
    done = client.post("/account/second-factor/", {"code": code_of(secret)}, follow=True)
    codes = re.findall(r"<li>(\w+)</li>", done.content.decode())
    assert len(codes) == 10, text(done)
    return client, secret, codes


# passwords


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("too short really"[:14], "15 characters"),
        ("qwertyuiopasdfghjkl"[:6] * 1, "15 characters"),
        ("wei-wei-wei-wei-1", ""),
        ("goodstandinggoodstanding", "little more than a name"),
        ("wei.the.collector", ""),
    ],
)
def test_weak_passwords_are_refused_and_nothing_changes(password: str, why: str) -> None:
    person("wei", "collector", password=PASSWORD)
    client = entered("wei")
    answer = client.post("/account/password/", {"old": PASSWORD, "new": password}, follow=True)
    if why:
        assert why in text(answer) and Person.objects.get().check_password(PASSWORD)
    else:
        assert Person.objects.get().check_password(password), "a short name may be a part of a long password"


def test_long_ones_of_any_signs_fit_and_are_the_same_however_they_are_typed() -> None:
    one = person("wei", "collector", password=PASSWORD)
    client = entered("wei")
    long = "咖啡 ﬁne Å " * 12
    assert client.post("/account/password/", {"old": PASSWORD, "new": long}).status_code == 302
    one.refresh_from_db()
    assert one.check_password(long) and one.check_password("咖啡 fine Å " * 12) and not one.check_password(long.strip())
    entered("wei", long)


def test_a_common_password_is_refused() -> None:
    from django.contrib.auth.password_validation import CommonPasswordValidator

    common = next(each for each in CommonPasswordValidator().passwords if len(each) >= 15)
    person("wei", "collector", password=PASSWORD)
    answer = entered("wei").post("/account/password/", {"old": PASSWORD, "new": common})
    assert "too common" in text(answer)


def test_changing_it_needs_the_old_one_and_ends_the_other_sessions() -> None:
    person("wei", "collector", password=PASSWORD)
    here, there = entered("wei"), entered("wei", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140.0")
    wrong = here.post("/account/password/", {"old": "not it", "new": NEW})
    assert "not your password" in text(wrong) and there.get("/today/").status_code == 200
    done = here.post("/account/password/", {"old": PASSWORD, "new": NEW}, follow=True)
    assert "Your password is changed. 1 other session ended." in text(done)
    assert here.get("/today/").status_code == 200 and there.get("/today/").status_code == 302
    entry = AuditEntry.objects.get(action="own_sign_in")
    assert entry.subject == "person wei" and NEW not in str(entry.after) and verify_chain() == []


def test_five_wrong_tries_are_enough_for_a_while() -> None:
    person("wei", "collector", password=PASSWORD)
    for _ in range(5):
        assert "go together" in text(door("wei", "wrong")[1])
    assert "Too many wrong tries" in text(door("wei")[1])
    assert "go together" in text(door("nobody", "wrong")[1]), "others are let in"


def test_the_door_does_not_tell_who_there_is() -> None:
    person("wei", "collector", password=PASSWORD)
    known, unknown = (re.sub(r'value="[^"]*"', "", door(name, "wrong")[1].content.decode()) for name in ("wei", "wex"))
    assert known == unknown


# sessions


def test_sessions_are_listed_and_ended() -> None:
    person("wei", "collector", password=PASSWORD)
    here = entered("wei", HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    there = entered("wei", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/605.1", REMOTE_ADDR="10.1.2.3")
    other = entered("wei", HTTP_USER_AGENT="<script>alert(1)</script>")
    page = here.get("/account/")
    assert "Firefox on Linux this one" in text(page) and "Safari on iPhone 10.1.2.3" in text(page)
    assert "unknown browser" in text(page)
    ends = re.findall(r'action="(/account/sessions/\d+/end/)"', page.content.decode())
    assert len(ends) == 2
    stranger = person("ana", "collector", password=PASSWORD)
    assert entered("ana").post(ends[0]).status_code == 302 and stranger
    assert other.get("/today/").status_code == there.get("/today/").status_code == 200, "nobody ends another's"
    here.post(ends[0])
    assert [other.get("/today/").status_code, there.get("/today/").status_code].count(302) == 1
    here.post("/account/sessions/end-others/")
    assert {other.get("/today/").status_code, there.get("/today/").status_code} == {302}
    assert here.get("/today/").status_code == 200


# the second factor


def test_a_second_factor_is_asked_for_and_a_recovery_code_opens_once() -> None:
    person("wei", "collector", password=PASSWORD)
    client, secret, codes = with_factor("wei")
    stored = str(Authenticator.objects.values_list("data", flat=True))
    assert secret not in stored and not any(code in stored for code in codes), "secrets lie encrypted"
    visitor, answer = door("wei")
    assert answer["Location"] == "/sign-in/code/" and visitor.get("/today/").status_code == 302
    assert "doesn't fit" in text(visitor.post("/sign-in/code/", {"code": "000000"}))
    assert visitor.post("/sign-in/code/", {"code": codes[0]}).status_code == 302
    assert visitor.get("/today/").status_code == 200
    again, _answer = door("wei")
    assert "doesn't fit" in text(again.post("/sign-in/code/", {"code": codes[0]})), "a recovery code opens once"
    code = code_of(secret)
    assert again.post("/sign-in/code/", {"code": code}).status_code == 302
    assert again.get("/today/").status_code == 200
    third, _answer = door("wei")
    assert "doesn't fit" in text(third.post("/sign-in/code/", {"code": code})), "a code is good once"
    assert "9 of 10 are left" in text(client.get("/account/codes/", follow=True))
    kept = client.get("/account/codes/file/").content.decode()
    assert codes[1] in kept and codes[0] not in kept
    client.post("/account/codes/new/")
    assert codes[1] not in client.get("/account/codes/").content.decode()
    client.post("/account/second-factor/take-away/")
    assert not Authenticator.objects.exists() and entered("wei").get("/today/").status_code == 200
    said = list(AuditEntry.objects.filter(action="own_sign_in").order_by("sequence").values_list("after", flat=True))
    assert [each["second_factor"] for each in said] == ["set up", "new recovery codes", "taken away"]


def test_it_is_set_up_only_by_a_code_that_fits_and_by_who_knows_the_password() -> None:
    person("wei", "collector", password=PASSWORD)
    client = client_of(Person.objects.get())  # a session that nobody showed a password for
    assert "/account/again/" in client.get("/account/second-factor/")["Location"]
    assert "not your password" in text(client.post("/account/again/?next=/account/", {"password": "x"}))
    client.post("/account/again/", {"password": PASSWORD})
    client.get("/account/second-factor/")
    assert "doesn't fit" in text(client.post("/account/second-factor/", {"code": "123456"}))
    assert not Authenticator.objects.exists()


def test_roles_that_need_one_are_led_to_it(settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"owner"})
    person("boss", "owner", password=PASSWORD)
    person("wei", "collector", password=PASSWORD)
    assert entered("wei").get("/today/").status_code == 200
    boss = entered("boss")
    assert boss.get("/today/")["Location"] == "/account/second-factor/"
    client, _secret, _codes = with_factor("boss")
    assert client.get("/today/").status_code == 200


def test_an_administrator_helps_who_lost_it() -> None:
    one = person("wei", "collector", password=PASSWORD)
    client, _secret, _codes = with_factor("wei")
    admin = client_of(person("admin", "administrator"))
    assert "with a second factor" in text(admin.get(f"/settings/people/{one.pk}/"))
    admin.post(f"/settings/people/{one.pk}/second-factor/")
    assert not Authenticator.objects.exists() and client.get("/today/").status_code == 302
    entered("wei")
    admin.post(f"/settings/people/{one.pk}/sessions/")
    assert AuditEntry.objects.filter(action="reset_sign_in", subject="person wei").count() == 2
    owner = person("boss", "owner", password=PASSWORD)
    assert admin.post(f"/settings/people/{owner.pk}/second-factor/").status_code == 403, "only owners help owners"


def test_the_visitor_of_the_sample_book_changes_no_sign_in(settings: Any) -> None:
    settings.DEMO = True
    client = client_of()
    assert "open to everybody on this machine" in text(client.get("/account/"))
    assert client.get("/account/second-factor/").status_code == 403
    assert client.post("/account/password/", {"old": "", "new": NEW}).status_code == 403


# the firm's own sign-in


@pytest.fixture
def firm(settings: Any) -> Iterator[Provider]:
    with provided() as about:
        app = {"provider_id": "oidc", "name": "Firm", "client_id": CLIENT, "secret": SECRET}
        app["settings"] = {"server_url": about.url, "oauth_pkce_enabled": True}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        settings.OIDC_SERVER, settings.OIDC_NAME, settings.OIDC_MATCH = about.url, "Firm", "email"
        yield about


def come(client: Client, about: Provider) -> Any:
    """The way to the provider and back, as a browser goes it."""
    import urllib.error
    import urllib.request

    there = client.post("/sign-in/oidc/")
    assert there.status_code == 302 and there["Location"].startswith(about.url), text(there)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_given: Any) -> None:
            return None

    try:
        urllib.request.build_opener(Stay).open(there["Location"])
    except urllib.error.HTTPError as sent:
        back = sent.headers["Location"]
    assert back.startswith("http://localhost/sign-in/oidc/back/")
    return client.get(back.removeprefix("http://localhost"), follow=True)


def known(email: str = "wei@firm.example", **more: Any) -> Person:
    one = person("wei", "collector")
    Person.objects.filter(pk=one.pk).update(email=email, **more)
    return one


def test_by_the_firm_s_own_sign_in_somebody_known_comes_in(firm: Provider) -> None:
    known()
    client = client_of()
    assert "Sign in with Firm" in text(client.get("/sign-in/"))
    firm.claims = {"email": "Wei@Firm.example", "email_verified": True}
    come(client, firm)
    assert client.get("/today/").status_code == 200 and firm.verifiers, "PKCE was used"
    Person.objects.update(email="")
    again = client_of()
    come(again, firm)
    assert again.get("/today/").status_code == 200, "whoever came once is known by their number there"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "wei@firm.example", "email_verified": False},
        {"email": "wei@firm.example"},
        {"email": "other@firm.example", "email_verified": True},
        {"preferred_username": "wei", "email_verified": True},
        {},
    ],
    ids=str,
)
def test_nobody_else_comes_in_and_nobody_is_made(claims: dict[str, Any], firm: Provider) -> None:
    known()
    firm.claims = claims
    client = client_of()
    assert "Nobody here is known by that sign-in" in text(come(client, firm))
    assert client.get("/today/").status_code == 302 and Person.objects.count() == 1


def test_who_left_or_is_two_people_stays_out(firm: Provider) -> None:
    known(is_active=False)
    firm.claims = {"email": "wei@firm.example", "email_verified": True}
    client = client_of()
    assert "Nobody here is known" in text(come(client, firm))
    Person.objects.update(is_active=True)
    other = person("twin", "owner")
    Person.objects.filter(pk=other.pk).update(email="WEI@firm.example")
    assert "Nobody here is known" in text(come(client_of(), firm))


def test_who_left_after_coming_once_stays_out(firm: Provider) -> None:
    known()
    firm.claims = {"email": "wei@firm.example", "email_verified": True}
    come(client_of(), firm)
    Person.objects.update(is_active=False)
    client = client_of()
    assert "no longer signs in here" in text(come(client, firm)) and client.get("/today/").status_code == 302


def test_by_username_where_the_firm_says_so(firm: Provider, settings: Any) -> None:
    settings.OIDC_MATCH = "username"
    known(email="")
    firm.claims = {"preferred_username": "wei"}
    client = client_of()
    come(client, firm)
    assert client.get("/today/").status_code == 200


def test_a_refusal_there_and_a_foreign_answer_lead_back_to_the_door(firm: Provider) -> None:
    known()
    firm.refuses = True
    client = client_of()
    assert "did not succeed" in text(come(client, firm))
    assert "did not succeed" in text(client.get("/sign-in/oidc/back/?code=c1&state=made-up", follow=True))
    assert client.get("/today/").status_code == 302


def test_without_a_provider_there_is_no_such_door() -> None:
    assert client_of().post("/sign-in/oidc/").status_code == 404
    assert "Sign in with" not in text(client_of().get("/sign-in/"))


def test_an_email_is_one_person_s() -> None:
    one = known()
    admin = client_of(person("admin", "administrator"))
    other = person("ana", "collector")
    given = {"name": "Ana", "email": "WEI@firm.example", "roles": ["collector"], "active": "on", "password": ""}
    assert "belongs to somebody else here" in text(admin.post(f"/settings/people/{other.pk}/", given))
    given["email"] = "ana@firm.example"
    assert admin.post(f"/settings/people/{other.pk}/", given).status_code == 302
    assert Person.objects.get(pk=other.pk).email == "ana@firm.example" and one
