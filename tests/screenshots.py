"""Pictures of every page: wide and narrow, light and dark, in both languages, and Receivables as it is printed.

python tests/screenshots.py [FOLDER]     (also: make screenshots)
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from browsing import Watched, launch, sign_in, watched
from serving import PASSWORD, Desk, served

DAY = "as_of=2026-06-30"
SIZES = {"wide": 1440, "narrow": 375}
GOOD = "单据号,客户编号,客户名称,日期,到期日,金额,币种\nN1,CN1,咖啡之家,2026-06-01,2026-07-01,99.90,CNY\nN2,CN1,咖啡之家,2026-06-02,2026-07-02,1250.00,CNY\n"
FAULTY = "number,customer,date,amount,currency\nR1,A,31.02.2026,1_000,EUR\nR2,B,2026-06-01,1.005,EUR\nR3,B,2026-06-01,12.00,EUX\n"


def upload(seen: Watched, name: str, body: str) -> str:
    """Bring a file; gives the address of its preview."""
    seen.go("/import/")
    seen.page.set_input_files("#files", {"name": name, "mimeType": "text/csv", "buffer": body.encode()})
    seen.page.click("form[enctype] button.primary")
    seen.page.locator("form[action$='/discard/'] button").wait_for()
    return seen.page.url.removeprefix(seen.base)


def export(seen: Watched) -> str:
    """Ask for the whole book; gives the address of the file's page."""
    seen.go("/import/")
    seen.page.click("#export button")
    seen.page.locator("#export .chip.jade").wait_for(timeout=60_000)
    return seen.page.url.removeprefix(seen.base)


def calendar_of_china(seen: Watched) -> str:
    """Set a calendar that has something to say; gives its address."""
    seen.go("/settings/calendar/")
    seen.page.select_option("#id_country", "CN")
    seen.page.click("form[action$='/calendar/'] button")
    seen.page.fill("#id_day", "2027-03-12")
    seen.page.fill("#id_name", "盘点 Stocktaking")
    seen.page.click("form[action$='/day/'] button")
    return "/settings/calendar/"


def an_item(seen: Watched) -> str:
    """The address of an item that is partly settled or held, so that its page has something to say."""
    seen.go(f"/receivables/items/?{DAY}&part=held")
    address = seen.page.locator("tbody th a").first.get_attribute("href")
    assert address is not None
    return address


def a_message(seen: Watched) -> str:
    """Write to a customer; gives the address of the message, or of the outbox where it was not queued."""
    seen.go("/customers/1/write/")
    seen.leave_by("main .card form button.primary")
    return seen.page.url.removeprefix(seen.base) if "/outbox/" in seen.page.url else "/collections/outbox/"


def pages(seen: Watched) -> dict[str, str]:
    """Name → address of every page of a full desk."""
    item = an_item(seen)
    seen.go(f"/receivables/?{DAY}")
    customer = seen.page.locator("tbody th a").first.get_attribute("href")
    assert customer is not None
    return {
        "today": f"/today/?{DAY}",
        "customers": "/customers/",
        "customers-filtered": "/customers/?behaviour=late&sort=open",
        "customers-assign": "/customers/assign/?all=1",
        "customer": f"/customers/1/?{DAY}",
        "customer-account": f"/customers/1/account/?{DAY}",
        "customer-people": "/customers/1/people/",
        "customer-facts": "/customers/1/facts/",
        "customer-notes": "/customers/1/notes/",
        "customer-statement": f"/customers/1/statement/?{DAY}&from=2026-01-01",
        "customer-papers": "/customers/1/papers/",
        "statements-many": "/papers/statements/",
        "customer-promises": "/customers/1/promises/",
        "customer-promise": "/customers/1/promises/theirs/",
        "customer-touches": "/customers/1/touches/",
        "write": "/customers/1/write/?objection=cash_tight",
        "collections": "/collections/",
        "collections-work": "/collections/1/",
        "promises": "/collections/promises/",
        "promises-list": "/collections/promises/?view=list",
        "runs": "/collections/runs/",
        "run": "/collections/runs/1/",
        "run-left-alone": "/collections/runs/1/?action=withhold",
        "strategies": "/collections/strategies/",
        "strategy-next": "/collections/strategies/new/",
        "outbox": "/collections/outbox/",
        "message": a_message(seen),
        "templates": "/collections/templates/",
        "template": "/collections/templates/reminder/friendly/zh-hans/",
        "experiments": "/collections/experiments/",
        "costs": "/collections/costs/",
        "cost-touches": "/collections/costs/touches/",
        "settings-touch-costs": "/settings/touch-costs/",
        "late-fees": "/receivables/late-fees/",
        "expiring": f"/receivables/expiring/?{DAY}&within=3650",
        "settings-interest": "/settings/interest/",
        "customer-merge": "/customers/1/merge/?q=cafe",
        "customer-merge-both": "/customers/1/merge/?into=2",
        "customer-edit": "/customers/1/edit/",
        "customer-contact": "/customers/1/people/edit/",
        "customer-payment": "/customers/1/payment/",
        "customer-document": "/customers/1/document/",
        "item-work": "/items/5/",
        "insight": "/insight/",
        "insight-month": f"/insight/?{DAY}&month=2026-05",
        "months": f"/receivables/months/?{DAY}",
        "concentration": f"/receivables/concentration/?{DAY}",
        "tour": "/today/?tour=1#attention",
        "audit": "/audit/",
        "settings": "/settings/",
        "settings-books": "/settings/books/",
        "settings-closing": "/settings/books/?through=2026-05-31",
        "settings-aging": "/settings/aging/",
        "settings-calendar": calendar_of_china(seen),
        "settings-mappings": "/settings/mappings/",
        "export": export(seen),
        "search": "/search/?q=har",
        "receivables": f"/receivables/?{DAY}",
        "receivables-today": "/receivables/",
        "receivables-by-kind": f"/receivables/?{DAY}&by=kind&buckets=15,30,60,90,180&show=past_due",
        "receivables-nothing-found": f"/receivables/?{DAY}&q=zzzzz",
        "receivables-wrong": "/receivables/?as_of=2026-02-31&buckets=9,1",
        "items": f"/receivables/items/?{DAY}&part=b1",
        "items-of-a-customer": customer,
        "item": item,
        "item-settled": f"/items/5/?{DAY}",
        "import": "/import/",
        "import-done": "/import/1/",
        "import-undo": "/import/1/#undo",
        "import-preview": upload(seen, "六月发票.csv", GOOD),
        "import-faults": upload(seen, "june.csv", FAULTY),
        "not-found": "/nothing/",
    }


def menus(seen: Watched) -> Iterator[tuple[str, Callable[[], None]]]:
    """Each menu of Receivables, opened."""
    names = ("person", "day", "grouping", "filter", "buckets", "download")
    for at, name in enumerate(names):
        yield f"menu-{name}", seen.page.locator("details.menu > summary").nth(at).click


@contextmanager
def looks(browser: Browser, desk: Desk) -> Iterator[Iterator[tuple[str, Watched]]]:
    """Every size, theme and language, each with a page of its own."""

    def each() -> Iterator[tuple[str, Watched]]:
        for (size, width), theme, language in product(SIZES.items(), ("light", "dark"), ("en", "zh-hans")):
            with watched(browser, desk.url, language=language, theme=theme, width=width) as seen:
                yield f"{size}-{theme}-{language}", seen

    yield each()


def shoot(seen: Watched, folder: Path, name: str) -> None:
    seen.page.screenshot(path=folder / f"{name}.png", full_page=True)


def full_desk(browser: Browser, desk: Desk, folder: Path) -> None:
    with watched(browser, desk.url) as seen:
        known = pages(seen)
    with looks(browser, desk) as all_looks:
        for look, seen in all_looks:
            for name, address in known.items():
                seen.go(address)
                if name == "import-undo":
                    seen.page.click("details.card summary")
                shoot(seen, folder, f"{name}-{look}")
            for name, open_menu in menus(seen):
                seen.go(f"/receivables/?{DAY}")
                open_menu()
                seen.page.screenshot(path=folder / f"{name}-{look}.png")
            seen.page.keyboard.press("Control+k")
            seen.page.locator("#found .pick").first.wait_for()
            seen.page.screenshot(path=folder / f"palette-{look}.png")
    for language in ("en", "zh-hans"):
        with watched(browser, desk.url, language=language) as seen:
            seen.go(f"/receivables/?{DAY}")
            seen.page.emulate_media(media="print")
            seen.page.pdf(path=folder / f"receivables-print-{language}.pdf", format="A4", landscape=True)
            seen.page.set_viewport_size({"width": 1032, "height": 720})  # an A4 sheet lying down, less its margins
            shoot(seen, folder, f"receivables-print-{language}")


def empty_desk(browser: Browser, desk: Desk, folder: Path) -> None:
    desk.person("wei", "credit_manager", "Wei Lin")
    with looks(browser, desk) as all_looks:
        for look, seen in all_looks:
            seen.go("/sign-in/")
            shoot(seen, folder, f"door-{look}")
            sign_in(seen, "wei", PASSWORD)
            shoot(seen, folder, f"empty-receivables-{look}")
            seen.go("/import/")
            shoot(seen, folder, f"empty-import-{look}")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = launch(playwright)
        for name in ("full", "empty"):
            home = Path(scratch) / name
            home.mkdir()
            with served(home, sample=60 if name == "full" else 0, demo=name == "full") as desk:
                (full_desk if name == "full" else empty_desk)(browser, desk, folder)
        browser.close()
    print(f"{len(list(folder.iterdir()))} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
