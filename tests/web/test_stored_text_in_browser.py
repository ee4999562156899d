"""Guarantee 13: no stored text runs as code. Every text a page shows × 8 payloads, in Chromium under the strict policy."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Response, expect

from browsing import Watched, sign_in, watched
from serving import PASSWORD, served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("stored text")]

PAYLOADS = {
    "script": "</title><script>alert('script')</script>",
    "image": "<img src=x onerror=alert('image')>",
    "svg": "<svg/onload=alert('svg')><style>@import'//x'",
    "attribute": '" autofocus onfocus="alert(1)" onmouseover="alert(1)',
    "address": "javascript:alert('address')//'><a href=javascript:",
    "template": "{{7*7}}{% csrf_token %}${7*7}#{7*7}%(day)s{0}",
    "unicode": "\u202etxt.exe\u2066\u200f\ufeff＜script＞\U000e0041&lt;b&gt;&#x3c;",
    "formula": '=HYPERLINK("//x","y")+cmd|\' /C calc\'!A0',
}
DAY = "as_of=2026-06-30"
INERT = """() => {
  const found = [];
  for (const each of document.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      if (name.startsWith("on") || name === "style" || name === "autofocus" && each.id !== "id_login") found.push(name);
      if (["href", "src", "action", "formaction"].includes(name) && !/^(\\/|\\?|#|$)/.test(value) && !value.startsWith("data:"))
        found.push(name + "=" + value);
    }
    if (each.tagName === "SCRIPT" && !each.src && each.type !== "application/json") found.push("script");
    if (["IMG", "IFRAME", "OBJECT", "STYLE", "BASE"].includes(each.tagName)) found.push(each.tagName);
  }
  return found;
}"""


def written(folder: Path, table: str, *rows: dict[str, str]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, rows[0])
        sheet.writeheader()
        sheet.writerows(rows)


def book(folder: Path, text: str) -> Path:
    """A book whose every text that a page shows is the payload."""
    folder.mkdir()
    who = {"customer": text, "kind": "invoice", "currency": "EUR"}
    words = {"reference": text, "order": text, "seller": text, "reason": text}
    debit = who | {"number": text, "date": "2026-05-01", "due": "2026-05-31", "amount": "100.00"} | words
    credit = who | words | {"number": f"{text}2", "kind": "payment", "date": "2026-06-01", "due": "", "amount": "30.00"}
    spare = credit | {"number": f"{text}3"}
    written(
        folder,
        "customers",
        {"code": text, "name": text, "kind": text, "territory": text, "account_manager": text, "parent": ""},
        {"code": f"{text}K", "name": text, "kind": text, "territory": "", "account_manager": "", "parent": text},
    )
    written(folder, "items", debit, credit, spare, debit | {"customer": f"{text}K"})
    match = {"id": text, "date": "2026-06-02", "credit_item": f"{text}2", "debit_item": text, "amount": "30.00"}
    written(folder, "matches", match | {"credit_customer": text, "debit_customer": text})
    hold = {"id": f"{text}1", "customer": text, "item": text, "amount": "5.00", "reason": text, "source": text}
    hold |= {"placed": "2026-06-01", "released": "", "release_reason": ""}
    over = {"id": f"{text}2", "released": "2026-06-20", "release_reason": text}
    written(folder, "holds", hold, hold | over)
    return folder


def addresses(text: str) -> Iterator[str]:
    """Pages that show the book's texts, and pages whose own address is the payload."""
    told = quote(text, safe="")
    yield f"/receivables/?{DAY}"
    for by in ("group", "kind", "territory", "account_manager", "seller"):
        yield f"/receivables/?{DAY}&by={by}"
        yield f"/receivables/items/?{DAY}&by={by}&key={told}"
    yield f"/receivables/?{DAY}&q={told}&kind={told}&territory={told}&show=held"
    yield f"/receivables/?{DAY}&q={told}zz&kind={told}&currency={told}&sort={told}&order={told}&page={told}&by={told}"
    yield f"/receivables/?as_of={told}&buckets={told}&show={told}"
    yield f"/receivables/items/?{DAY}&key={told}&part={told}&from={told}&sort={told}"
    yield f"/receivables/items/?{DAY}&part=held&from={told}"
    yield f"/items/99999/?q={told}&as_of={told}"
    yield f"/import/{told}/"
    yield f"/import/?{told}={told}"


class Strict:
    """Looks at each page: the policy came with it, nothing in it can run, nothing complained."""

    def __init__(self, seen: Watched) -> None:
        self.seen, self.pages = seen, 0
        seen.page.on("response", self._policy)
        self.lax: list[str] = []

    def _policy(self, answer: Response) -> None:
        if "text/html" in answer.headers.get("content-type", "") and answer.status != 302:
            policy = answer.headers.get("content-security-policy", "")
            if "script-src 'self'" not in policy or "default-src 'none'" not in policy or "unsafe" in policy:
                self.lax.append(answer.url)

    def look(self, where: str) -> None:
        assert self.seen.page.evaluate(INERT) == [], where
        complaints = [each for each in self.seen.complaints if "status of 404" not in each]
        assert complaints == [] and self.seen.page.evaluate("[...window.violations, ...window.ran]") == [], where
        assert self.lax == []
        self.pages += 1

    def go(self, path: str) -> None:
        self.seen.go(path)
        self.look(path)

    def send(self, button: Locator, where: str) -> None:
        """Press what sends a form; look once the answer has come."""
        with self.seen.page.expect_navigation():
            button.click()
        self.look(where)


@pytest.fixture(scope="module")
def watch_works(chromium: Browser) -> None:
    """The watch itself sees what runs, and the look sees what could."""
    with watched(chromium, "http://localhost") as seen:
        for name in ("script", "image", "svg"):
            seen.page.goto("about:blank")
            seen.page.set_content(f"<p>{PAYLOADS[name]}")
            seen.page.wait_for_function("window.ran.length > 0")
        seen.page.set_content(f'<p><input value="{PAYLOADS["attribute"]}">')
        assert "onfocus" in seen.page.evaluate(INERT)
        seen.page.set_content("<a href=javascript:alert(1)>x")
        assert seen.page.evaluate(INERT) == ["href=javascript:alert(1)"]


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_stored_text_runs(name: str, chromium: Browser, tmp_path: Path, watch_works: None) -> None:
    text = PAYLOADS[name]
    with served(tmp_path) as desk:
        desk.run("import", str(book(tmp_path / "book", text)))
        desk.person("wei", "credit_manager", text)
        with watched(chromium, desk.url, accept_downloads=True) as seen:
            strict = Strict(seen)
            at_the_door(strict, text)
            shown_everywhere(strict, text)
            written_at_a_customer(strict, text)
            through_the_import(strict, text)
            in_the_settings(strict, text)
            in_the_lists(strict, text)
            files_are_inert(seen, text)
            print(f"{name}: {strict.pages} pages")
            assert strict.pages > 40


def at_the_door(strict: Strict, text: str) -> None:
    strict.go(f"/sign-in/?next={quote(text, safe='')}")
    page = strict.seen.page
    page.fill("#id_login", text)
    page.fill("#id_password", text)
    page.click("main button.primary")
    expect(page.locator("#id_login")).to_have_value(text)
    strict.look("door")
    sign_in(strict.seen, "wei", PASSWORD)
    strict.look("after the door")


def says(strict: Strict, selector: str, text: str) -> None:
    """Some element of these says the text literally, once the page that a click leads to has come."""
    expect(strict.seen.page.locator(selector).filter(has_text=text).first).to_be_attached()
    found = strict.seen.page.locator(selector).all_text_contents()
    assert any(text in each for each in found), f"{strict.seen.page.url}: {selector} says {found}"


def shown_everywhere(strict: Strict, text: str) -> None:
    for address in addresses(text):
        strict.go(address)
    page = strict.seen.page
    strict.go(f"/receivables/?{DAY}")
    says(strict, "tbody th .name", text)
    says(strict, ".me .who", text)
    says(strict, "#kind option", text)
    says(strict, "#territory option", text)
    for menu in page.locator("details.menu > summary").all():
        menu.click()
        strict.look("menu")
    page.keyboard.press("Escape")
    page.fill("#search", text[:60])
    page.wait_for_url("**q=**")
    strict.look("searched as typed")
    strict.go(f"/receivables/items/?{DAY}")
    says(strict, "tbody td .name", text)
    links = [link.get_attribute("href") or "" for link in page.locator("tbody th a").all()]
    assert len(links) == 3
    for link in links:
        strict.go(link)
        says(strict, "h1", text)
        says(strict, ".kv dd", text)
        for other in [other.get_attribute("href") or "" for other in page.locator("tbody a").all()]:
            strict.go(other)
    strict.go(f"/receivables/items/?{DAY}&part=held")
    strict.go(page.locator("tbody th a").first.get_attribute("href") or "")
    holds = page.locator(".two table").nth(1).locator("tbody tr").all_text_contents()
    blank = text.replace("_", " ")  # a reason that nobody has words for is shown with blanks
    # two reasons, two sources, one reason of release
    assert len(holds) == 2 and sum(each.replace("_", " ").count(blank) for each in holds) == 5


def written_at_a_customer(strict: Strict, text: str) -> None:
    """Notes, files with their names and titles, holds, a merge: each text typed, and shown wherever it is kept."""
    page = strict.seen.page
    strict.go("/customers/1/notes/")
    page.fill("#id_text", text)
    page.check("#id_pinned")
    page.click("main .stack button.primary")
    expect(page.locator(".notice.jade")).to_be_visible()
    says(strict, ".note .text", text)
    file = {"name": f"{text}.txt", "mimeType": "text/html", "buffer": f"<script>alert('file')</script>{text}".encode()}
    page.set_input_files("#files", [file, file | {"buffer": b"other"}])
    page.fill("#id_title", text)
    strict.send(page.locator("aside button.primary"), "attached")
    says(strict, "aside .note a", text)
    link = page.locator("aside .note a").first.get_attribute("href") or ""
    answer = page.request.get(strict.seen.base + link)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    page.locator("aside .more summary").first.click()
    page.locator("aside .more input[name=reason]").first.fill(text)
    strict.send(page.locator("aside .more .actions button").first, "withdrawn")
    says(strict, "aside .note .small", text)
    strict.go(f"/customers/1/?{DAY}")
    strict.go("/customers/1/")
    says(strict, ".pinned .text", text)
    says(strict, ".tl .said", text)
    told = quote(text, safe="")
    strict.go(f"/customers/1/statement/?from=2026-01-01&{DAY}")
    says(strict, ".statement dd", text)
    says(strict, ".statement th", text)
    says(strict, ".statement .refer", text)
    strict.go(f"/customers/1/statement/?from={told}&{DAY}&contact={told}&lang={told}")
    held_back(strict, text)
    strict.go(f"/customers/1/merge/?q={told}")
    strict.go("/customers/2/merge/?into=1")
    says(strict, ".pairs td", text)
    for field in ("#id_reason", "#id_confirm"):
        page.fill(field, f"{text}!")
    page.click("form.two button.danger")
    expect(page.locator("#id_confirm_error")).to_be_visible()
    strict.look("merge refused")
    page.fill("#id_confirm", f"{text}K")
    page.click("form.two button.danger")
    expect(page.locator(".notice.jade").first).to_contain_text(text)
    strict.look("merged")
    strict.go("/customers/1/facts/")
    strict.go("/audit/")


def held_back(strict: Strict, text: str) -> None:
    page = strict.seen.page
    strict.go("/receivables/items/?part=past_due")
    strict.go(page.locator("tbody th a").first.get_attribute("href") or "")
    page.click("#hold summary")
    page.fill("#id_hold_amount", text[:40])
    page.fill("#id_hold_source", text)
    page.click("#hold button")
    expect(page.locator("#id_hold_amount_error")).to_be_visible()
    strict.look("hold refused")
    page.fill("#id_hold_amount", "1")
    page.click("#hold button")
    expect(page.locator(".notice.jade")).to_be_visible()
    strict.look("held")
    end = page.locator("details.end-hold").last
    end.locator("summary").click()
    end.locator("input[name=reason]").fill(text[:64])
    strict.send(end.get_by_role("button"), "released")
    says(strict, ".two table td", text[:64].replace("_", " "))


def in_the_lists(strict: Strict, text: str) -> None:
    """A view's name, and a value given to many: typed, shown, taken back."""
    page, told = strict.seen.page, quote(text, safe="")
    strict.go(f"/customers/?q={told}&kind={told}&columns={told}&rfm={told}&view={told}")
    strict.go("/customers/?columns=kind,territory,account_manager")
    says(strict, "tbody th .name", text)
    says(strict, "tbody td", text)
    page.locator(".title details.menu summary").nth(1).click()
    page.fill("#view-name", text[:60])
    strict.send(page.locator(".title form[action*='/save/'] button.primary"), "view kept")
    strict.go("/customers/?view=all")
    says(strict, ".title .pick", " ".join(text[:60].split()))
    strict.go("/customers/assign/?all=1")
    says(strict, ".meanings .chip", text)
    page.select_option("#id_field", "account_manager")
    page.fill("#id_value", f"{text[:150]}*")
    page.click("main form button.primary")
    expect(page.locator(".toast form")).to_be_visible()
    strict.look("assigned")
    strict.go("/customers/?columns=account_manager")
    says(strict, "tbody td", f"{text[:150]}*")
    for where in ("months", "concentration"):
        strict.go(f"/receivables/{where}/?{DAY}&q={told}&kind={told}&by={told}")
        strict.go(f"/receivables/{where}/?{DAY}")
        says(strict, "tbody th .name", text)
    strict.go(f"/today/?{DAY}&tour={told}")
    strict.go("/account/")


def through_the_import(strict: Strict, text: str) -> None:
    page = strict.seen.page
    headers = ["number", "customer", "name", "date", "amount", "currency", text]
    good = [f"{text}9", text, text, "2026-06-01", "7.00", "EUR", text]
    wrong = [f"{text}8", text, text, text, text, text, text]
    for rows, state in (
        ([headers, good, wrong], "faults"),
        ([headers, good], "good"),
        ([[text] * 3, [text] * 3], "odd"),
    ):
        sink = io.StringIO()
        csv.writer(sink).writerows(rows)
        strict.go("/import/")
        file = {"name": f"{text}.csv", "mimeType": "text/csv", "buffer": sink.getvalue().encode()}
        page.set_input_files("#files", file)
        page.click("form[enctype] button.primary")
        expect(page.locator("form[action$='/discard/'] button")).to_be_visible()
        strict.look(state)
        if state != "odd":
            says(strict, "tbody th .name", text)
            says(strict, ".sample", text)
        if state == "faults":
            page.fill("#currency", "")
            strict.send(page.locator("form#how header button:not([formaction])"), "read again")
        if state == "good":
            page.click("button[formaction$='/start/']")
            expect(page.locator("#import .chip.jade")).to_be_visible(timeout=60_000)
            strict.look("imported")
    strict.go("/import/")
    says(strict, "td", text)  # the person's name, as who brought it


def in_the_settings(strict: Strict, text: str) -> None:
    """A day of the firm's own, the reason of a reopening, a mapping's name and headers."""
    page = strict.seen.page
    strict.go("/settings/calendar/")
    page.fill("#id_day", "2026-12-24")
    page.fill("#id_name", text)
    strict.send(page.locator("form[action$='/day/'] button"), "own day")
    says(strict, ".own-days .muted", text)
    for through, reason in (("2026-02-28", ""), ("2026-01-31", text)):
        strict.go(f"/settings/books/?through={through}&reason={quote(reason, safe='')}")
        strict.send(page.locator("form.actions button"), "closed")
    says(strict, "td.words", text)
    strict.go("/settings/mappings/")  # named after the file as the browser sent it, until somebody names it
    says(strict, ".sample", text)
    strict.send(page.locator("tbody th a").first, "mapping")
    page.fill("#id_name", f"{text}!")
    strict.send(page.locator("form:has(#id_name) button"), "renamed")
    says(strict, "tbody th .name", f"{text}!")
    strict.go("/settings/")
    strict.go("/audit/?action=set_calendar")
    says(strict, "td.words", text)


def files_are_inert(seen: Watched, text: str) -> None:
    for path in (f"/receivables/?{DAY}", f"/receivables/?{DAY}&by=kind", f"/receivables/items/?{DAY}"):
        plain_file = _get(seen, f"{path}&format=csv").decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(plain_file)) for cell in row]
        assert any(text in cell for cell in cells)
        for cell in cells:
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
            assert not cell.startswith("-") or re.fullmatch(r"-[0-9.]+", cell), cell
        sheet = openpyxl.load_workbook(io.BytesIO(_get(seen, f"{path}&format=xlsx"))).active
        assert any(text in str(cell.value) for row in sheet.iter_rows() for cell in row)
        assert all(cell.data_type != "f" and not cell.hyperlink for row in sheet.iter_rows() for cell in row)


def _get(seen: Watched, path: str) -> Any:
    answer = seen.page.request.get(seen.base + path)
    assert answer.ok and "attachment" in answer.headers["content-disposition"]
    return answer.body()
