"""The catalogue of words: extract them from code and templates, compile the translations, find what is missing.

python -m goodstanding.config.catalogue extract | compile | check
"""

import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
LANGUAGES = ("zh_Hans",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# Header fields that change with every run, or that nobody filled in.
NOISE = re.compile(r'"(POT-|PO-|Project-Id|Report-|Last-|Language-Team|Generated-By).*"')
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)(?:![a-z])?(?::[^{}]*)?\}")


def path_of(language: str, suffix: str = "po", *, root: Path = LOCALE) -> Path:
    """Where a language's catalogue lies."""
    return root.joinpath(language, "LC_MESSAGES", f"django.{suffix}")


def sources() -> Iterator[tuple[str, bytes]]:
    """Name and Python-like text of every file that may hold words for people."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield name, path.read_bytes()
        elif path.suffix == ".html":
            yield name, templatize(path.read_text(encoding="utf-8"), origin=name).encode()


def extract() -> Catalog:
    """All words of the program, as a template catalogue."""
    found = Catalog(charset="utf-8", project="goodstanding")
    for name, text in sources():
        for _line, function, messages, comments in extract_python(BytesIO(text), KEYWORDS, ["Translators"], {}):
            spec = KEYWORDS[function] or (1,)
            given = messages if isinstance(messages, tuple) else (messages,)
            context = next((given[s[0] - 1] for s in spec if isinstance(s, tuple)), None)
            ids = tuple(given[s - 1] for s in spec if isinstance(s, int) and len(given) >= s)
            if ids and all(ids):
                found.add(
                    ids if len(ids) > 1 else ids[0], locations=[(name, 0)], user_comments=comments, context=context
                )
    return found


def read(language: str, *, root: Path = LOCALE) -> Catalog:
    """A language's catalogue as it lies in the source; empty when there is none yet."""
    path = path_of(language, root=root)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", project="goodstanding")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, *, root: Path = LOCALE) -> Catalog:
    """Bring a language's catalogue up to date with the source; translations that are no longer needed go."""
    catalog = read(language, root=root)
    catalog.update(extract(), no_fuzzy_matching=True)
    write(language, catalog, root=root)
    return catalog


def write(language: str, catalog: Catalog, *, root: Path = LOCALE) -> None:
    """Write a language's catalogue, sorted, so that the same words give the same bytes."""
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = "# The desk in another language; the words are those of docs/glossary.md."
    path = path_of(language, root=root)
    path.parent.mkdir(parents=True, exist_ok=True)
    sink = BytesIO()
    write_po(sink, catalog, width=110, sort_output=True, include_lineno=False)
    kept = [line for line in sink.getvalue().decode().splitlines() if not NOISE.match(line)]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def compile_all(*, root: Path = LOCALE) -> None:
    """Write the .mo files that the program reads; a reader finds the old or the new, never half."""
    for language in LANGUAGES:
        path = path_of(language, "mo", root=root)
        fresh = path.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, read(language, root=root))
        fresh.replace(path)


def placeholders(text: str) -> set[str]:
    """The names that are filled in: %(name)s and {name}."""
    return {a or b for a, b in PLACEHOLDER.findall(text)}


def _fault(wanted: Message, catalog: Catalog) -> str | None:
    ids = wanted.id if isinstance(wanted.id, tuple) else (wanted.id,)
    has = catalog.get(ids[0], wanted.context)
    if has is None:
        return f"not in the catalogue: {ids[0]!r}"
    given = has.string if isinstance(has.string, tuple | list) else (has.string,)
    if has.fuzzy or not all(given):
        return f"not translated: {ids[0]!r}"
    names = set().union(*map(placeholders, ids))
    for text in given:
        if placeholders(text) - names or (len(given) == 1 and names - placeholders(text) - {"count", "counter"}):
            return f"placeholders differ: {ids[0]!r} → {text!r}"
    return None


def faults(language: str, *, root: Path = LOCALE) -> list[str]:
    """What a language's catalogue lacks: words missing or untranslated, placeholders that differ."""
    catalog = read(language, root=root)
    found = (_fault(message, catalog) for message in extract() if message.id)
    return [f"{language}: {fault}" for fault in found if fault]


def main(arguments: list[str] | None = None) -> int:
    """The command: extract, compile or check."""
    asked = (arguments if arguments is not None else sys.argv[1:])[:1]
    if asked == ["extract"]:
        for language in LANGUAGES:
            update(language)
    elif asked == ["compile"]:
        compile_all()
    elif asked == ["check"]:
        wrong = [fault for language in LANGUAGES for fault in faults(language)]
        sys.stdout.write("".join(f"{fault}\n" for fault in wrong))
        return int(bool(wrong))
    else:
        sys.stderr.write(__doc__ or "")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
