"""The press: a sheet as data into a PDF, by the template beside this file.

The texts go in as JSON strings and are set as strings: whatever a name holds, it is never run. The document's day comes
from the data, and only the desk's own fonts are used: the same sheet gives the same bytes on every machine.
"""

import json
from dataclasses import asdict
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import typst
from django.utils.translation import gettext, override

from goodstanding.outbound.paper.types import Sheet
from goodstanding.outbound.paper.writing import day

TEMPLATE = Path(__file__).with_name("sheet.typ")
NAMES = frozenset({"statement", "letter", "confirmation", "evidence"})


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One for the process: it keeps the fonts and what it learned of the template."""
    found = find_spec("manimgx_fonts_cjk")
    folder = list(found.submodule_search_locations or ()) if found else []
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folder)
    return typst.Compiler(root=str(TEMPLATE.parent), font_paths=fonts)


def render(name: str, data: Sheet, language: str) -> bytes:
    """The PDF of a sheet in "en" or "zh-hans". `name` is statement, letter, confirmation or evidence."""
    return _set(name, data, language, "pdf")


def picture(name: str, data: Sheet, language: str) -> list[bytes]:
    """Its pages as PNG, for looking at."""
    made = _set(name, data, language, "png")
    return made if isinstance(made, list) else [made]


def _set(name: str, data: Sheet, language: str, form: str) -> bytes:
    if name not in NAMES:
        raise ValueError(f"no paper is called {name!r}")
    chinese = language.lower().startswith("zh")
    with override("zh-hans" if chinese else "en"):
        told = asdict(data) | {
            "name": name,
            "day": [data.day.year, data.day.month, data.day.day],
            "written": day(data.day),
            "lang": "zh" if chinese else "en",
            "page": gettext("Page {page} of {pages}").split("{page}", 1),
        }
    text = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace").decode()  # half a surrogate pair: ?
    made: bytes = _compiler().compile(str(TEMPLATE), format=form, sys_inputs={"data": text})  # type: ignore[assignment]
    return made
