"""Many papers as one ZIP, printed on every core; the same sheets give the same bytes."""

import multiprocessing
import os
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import django

from goodstanding.kernel.progress import Tell
from goodstanding.outbound.packing import EPOCH
from goodstanding.outbound.paper.press import render
from goodstanding.outbound.paper.types import Sheet

BATCH = 8  # sheets that go to a process at a time
AHEAD = 6  # batches under way for each process: memory is bounded by them, not by the pile
Job = tuple[str, str, Sheet, str]  # the file's name, the paper's, the sheet, the language


def _print(jobs: list[Job]) -> list[tuple[str, bytes]]:
    return [(name, render(paper, sheet, language)) for name, paper, sheet, language in jobs]


def printed(jobs: Iterable[Job], processes: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Each paper by its file's name, in the order given. With one process: here, one after another."""
    workers = processes or os.cpu_count() or 1
    if workers == 1:
        for job in jobs:
            yield from _print([job])
        return
    context = multiprocessing.get_context("spawn")  # a fork would share the parent's connections
    with ProcessPoolExecutor(workers, mp_context=context, initializer=django.setup) as pool:
        under_way: deque[Future[list[tuple[str, bytes]]]] = deque()
        batch: list[Job] = []
        for job in jobs:
            batch.append(job)
            if len(batch) == BATCH:
                under_way.append(pool.submit(_print, batch))
                batch = []
            if len(under_way) >= AHEAD * workers:
                yield from under_way.popleft().result()
        if batch:
            under_way.append(pool.submit(_print, batch))
        while under_way:
            yield from under_way.popleft().result()


def write_pile(jobs: Iterable[Job], total: int, target: Path, tell: Tell, processes: int | None = None) -> int:
    """Write the papers into a ZIP that appears whole, by one rename; gives how many there are."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part, count = target.with_suffix(".part"), 0
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as packed:  # a PDF is packed already
            for name, content in printed(jobs, processes):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, content)
                count += 1
                tell("printing", count, total)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        tell("finishing", total, total)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return count
