"""Chromium for tests: pages that collect every console error, policy violation and failed request."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the tests' own thread

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
expect.set_options(timeout=30_000)  # ms: a busy machine is slow, not wrong
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective + " " + e.blockedURI));
window.ran = [];
for (const name of ["alert", "confirm", "prompt"]) { window[name] = (said) => { window.ran.push(String(said)); return true; }; }
"""


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


class Watched:
    """A page and everything it complained of."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.page: Page = context.new_page()
        self.base, self.complaints = base, []  # type: str, list[str]
        self.page.add_init_script(VIOLATIONS)
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", self._failed)

    def _failed(self, request: Any) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # a search that was overtaken by the next key
            self.complaints.append(f"{request.url}: {request.failure}")

    def go(self, path: str) -> None:
        """Open a page; a server error is told with its own words, not as something that is missing later."""
        answer = self.page.goto(self.base + path)
        assert answer is None or answer.status < 500, f"{path}: {answer.status} {self.page.inner_text('body')[:500]}"

    def leave_by(self, what: str | Locator) -> None:
        """Press what leads to another page, and wait until that page has come."""
        pressed = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation():
            pressed.click()

    def check(self) -> None:
        """No console error, no violated policy, nothing ran that shouldn't."""
        found = [*self.complaints, *self.page.evaluate("[...window.violations, ...window.ran]")]
        assert not found, f"{self.page.url}: {found}"

    def axe(self, where: str) -> None:
        """No accessibility violation on the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        said = [f"{v['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for v in found for node in v["nodes"]]
        assert not said, f"{where}: " + "\n".join(said)


@contextmanager
def watched(
    browser: Browser, base: str, *, language: str = "en", theme: str = "light", width: int = 1440, **more: Any
) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **more)
    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
    try:
        yield Watched(context, base)
    finally:
        context.close()


def sign_in(seen: Watched, username: str, password: str) -> None:
    seen.go("/sign-in/")
    seen.page.fill("#id_login", username)
    seen.page.fill("#id_password", password)
    seen.leave_by("main button.primary")
    seen.page.wait_for_url("**/today/**")
