"""Previews of waiting uploads, read beside the request: a page asks again until the reading is there."""

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from goodstanding.inbound.reading import read
from goodstanding.inbound.types import ImportFacts, Options, Reading
from goodstanding.kernel.errors import N_, Refused

PATIENCE = 1.5  # seconds a request waits before it shows that the file is being read
KEPT = 12

_readers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")
_kept: "OrderedDict[tuple[str, str], Future[Reading]]" = OrderedDict()
_keeping = threading.Lock()


def _read(path: Path, options: Options) -> Reading:
    """The reading without its tables: they are large, and a preview doesn't show them."""
    found = read(path, options=options)
    rows = {name: table.slice(0, 0) for name, table in found.tables.items()}
    return replace(found, tables=rows)


def preview(waiting: ImportFacts, options: Options | None = None, *, patience: float = PATIENCE) -> Reading | None:
    """What the waiting upload holds, read by `options` (its own by default); None while it is still being read.

    Refused "upload_gone" when the upload can't be opened any more.
    """
    chosen = options or waiting.options
    path = Path(settings.HOME) / waiting.path
    key = (str(path), chosen.digest())
    with _keeping:
        if key not in _kept:
            _kept[key] = _readers.submit(_read, path, chosen)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        future = _kept[key]
    try:
        return future.result(timeout=patience)
    except NotYet:
        return None
    except OSError as gone:
        with _keeping:
            _kept.pop(key, None)
        template = N_("The upload {name} is no longer there. Bring it again.")
        raise Refused("upload_gone", template, name=waiting.name) from gone
