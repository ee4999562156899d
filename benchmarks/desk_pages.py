"""The desk's pages under eight clients on a large book, beside a bare answer of the same server in the same run.

    python benchmarks/desk_pages.py [--customers 50000] [--home FOLDER]

Writes and imports a sample book (kept in FOLDER when given), serves it with two processes, lets eight clients ask
for each kind of page with days, groupings, sortings, customers and words by chance, and prints the median and the 95th
percentile. Target: p95 ≤ 200 ms, search ≤ 100 ms.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

PORT = 8431
ROOT = f"http://127.0.0.1:{PORT}"
CLIENTS, REQUESTS, SEED = 8, 150, 20260630
LAST = date(2026, 6, 30)
DECIDED = LAST + timedelta(days=1)  # the night decides for the day that follows
BARE = "/sign-in/"  # of somebody signed in: the session, the person, and a redirect
COMMAND = str(Path(sys.executable).with_name("goodstanding"))


def run(*words: str, env: dict[str, str]) -> None:
    """Run a command of the program, telling how long it took."""
    begun = time.perf_counter()
    subprocess.run([COMMAND, *words], env=env, check=True, stdout=subprocess.DEVNULL)
    print(f"  goodstanding {words[0]:<8} {time.perf_counter() - begun:7.1f} s")


class Stay(HTTPRedirectHandler):
    """An answer that sends elsewhere is an answer."""

    def redirect_request(self, *_answer: object) -> None:
        return None


def client(_number: int, paths: list[str]) -> list[float]:
    """Ask for each path in turn with cookies of one's own; seconds each."""
    cookies = HTTPCookieProcessor(CookieJar())
    build_opener(cookies).open(f"{ROOT}/").read()
    opener, taken = build_opener(cookies, Stay), []
    for path in paths:
        begun = time.perf_counter()
        try:
            with opener.open(ROOT + path) as answer:
                assert b"</html>" in answer.read(), path
        except HTTPError as sent:  # somebody signed in is sent on from the door
            assert sent.code == 302 and path == BARE, path
        taken.append(time.perf_counter() - begun)
    return taken


def measure(name: str, choose: list[list[str]]) -> float:
    """Let the clients loose; print and give the 95th percentile in milliseconds."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = [t for times in pool.map(client, range(CLIENTS), choose) for t in times]
    cuts = statistics.quantiles(taken, n=20)
    print(f"{name:<28} n={len(taken)}  median {cuts[9] * 1000:6.0f} ms   p95 {cuts[18] * 1000:6.0f} ms")
    return cuts[18] * 1000


def questions(chance: random.Random, customers: int) -> dict[str, Callable[[], str]]:
    """For each kind of page, what gives an address by chance."""

    def day() -> date:
        return LAST - timedelta(days=chance.choice([0, 0, 0, 1, 7, 30, 90, 365]))

    def receivables() -> str:
        by = chance.choice(["customer", "customer", "group", "kind", "territory", "seller"])
        return f"/receivables/?as_of={day()}&by={by}&page={chance.randint(1, 9)}"

    def listing() -> str:
        sort = chance.choice(["code", "code", "open", "past_due"])
        narrowed = chance.choice(["", "&behaviour=late", "&value=A", "&q=mill", "&q=hl"])
        return f"/customers/?as_of={LAST}&sort={sort}{narrowed}"

    def customer() -> str:
        tab = chance.choice(["", "", "account/", "statement/", "notes/", "facts/", "people/"])
        return f"/customers/{chance.randint(1, customers)}/{tab}?as_of={day()}"

    def search() -> str:
        word = chance.choice(
            ["har", "mill bak", "hgdp", f"{chance.randint(100, 99_999):06}", f"{chance.randint(5, 900)}.50"]
        )
        return f"/search/?as_of={LAST}&q={quote(word)}"

    def collections() -> str:
        kind, page = chance.choice(["", "", "call", "remind", "visit"]), chance.randint(1, 5)
        return f"/collections/?as_of={DECIDED}&kind={kind}&page={page}"

    return {
        "what to do next": collections,
        "one piece of work": lambda: f"/collections/{chance.randint(1, 1000)}/?as_of={DECIDED}",
        "one run": lambda: f"/collections/runs/1/?page={chance.randint(1, 9)}",
        "promises": lambda: f"/collections/promises/?as_of={DECIDED}",
        "receivables, mixed": receivables,
        "today": lambda: f"/today/?as_of={day()}",
        "customers, mixed": listing,
        "one customer": customer,
        "search": search,
        "insight": lambda: f"/insight/?as_of={LAST}",
        "audit": lambda: "/audit/",
    }


def main() -> None:
    """Prepare, serve, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--home", type=Path)
    chosen = parser.parse_args()
    home = chosen.home or Path(tempfile.mkdtemp(prefix="gs-page-"))
    env = {**os.environ, "GOODSTANDING_HOME": str(home), "GOODSTANDING_DEMO": "1"}
    run("init", env=env)
    if not (home / "sample").exists():
        run("sample", str(home / "sample"), "--customers", str(chosen.customers), env=env)
        run("import", str(home / "sample"), env=env)
        run("nightly", "--as-of", LAST.isoformat(), env=env)
    server = subprocess.Popen([COMMAND, "serve", "--port", str(PORT)], env=env, start_new_session=True)
    try:
        for _attempt in range(240):
            try:
                build_opener().open(f"{ROOT}/sign-in/").read()
                break
            except OSError:
                time.sleep(0.5)
        chance = random.Random(SEED)
        print(f"seed {SEED}, {CLIENTS} clients, {REQUESTS} requests each")
        same = [[f"/receivables/?as_of={LAST}"] * REQUESTS for _client in range(CLIENTS)]
        client(0, same[0][:4])  # each process reads the snapshot once
        bare = measure("bare answer (redirect)", [[BARE] * REQUESTS for _client in range(CLIENTS)])
        one = measure("receivables, one day", same)
        print(f"{'':<28} {one / bare:.1f} times the bare answer")
        for name, ask in questions(chance, chosen.customers).items():
            p95 = measure(name, [[ask() for _request in range(REQUESTS)] for _client in range(CLIENTS)])
            print(f"{'':<28} {p95 / bare:.1f} times the bare answer")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


if __name__ == "__main__":
    main()
