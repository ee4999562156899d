"""The Import pages: bring a file, check its preview, confirm, watch, undo."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.choose_options import choose_options
from goodstanding.actions.discard_import import discard_import
from goodstanding.actions.receive_upload import receive_upload
from goodstanding.actions.start_import import start_import
from goodstanding.actions.undo_import import undo_import
from goodstanding.inbound.queries import done_import, import_by_id, recent_imports, remembered_options
from goodstanding.inbound.types import ImportFacts, Options, Reading
from goodstanding.kernel.errors import N_, NotAllowed, NotFound, Refused, RowFault
from goodstanding.outbound.queries import recent_exports
from goodstanding.web.answers import say
from goodstanding.web.pages.imports import forms, uploads
from goodstanding.web.pages.imports.previews import PATIENCE, preview
from goodstanding.web.paging import number_before, older

SHOWN_FAULTS = 500
HISTORY, EXPORTS = 50, 10  # on a page
PATIENT = 600  # seconds a confirmation waits for the reading it is about


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Bring files, and what was brought before."""
    require(request.actor, "view_imports")
    if request.method == "POST":
        require(request.actor, "import_book")
        try:
            return redirect("import", _receive(request))
        except Refused as refused:
            messages.error(request, say(refused))
            return redirect("imports")
    context = _history(request) | {"may_import": permits(request.actor.roles, "import_book")}
    return render(request, "pages/imports/page.html", context)


def _history(request: HttpRequest) -> dict[str, Any]:
    """What was brought, and what was taken, each a page of it."""
    here, before, since = reverse("imports"), number_before(request), number_before(request, "exports")
    history = recent_imports(HISTORY + 1, before)
    may_export = permits(request.actor.roles, "export_book")
    exports = recent_exports(EXPORTS + 1, since) if may_export else []
    return {
        "history": history[:HISTORY],
        "newest": here if before is not None else "",
        "older": older(here, history[HISTORY - 1].id) if len(history) > HISTORY else "",
        "may_export": may_export,
        "exports": exports[:EXPORTS],
        "exports_newest": f"{here}#export" if since is not None else "",
        "exports_older": older(here, exports[EXPORTS - 1].id, "exports") + "#export" if len(exports) > EXPORTS else "",
    }


def _receive(request: HttpRequest) -> int:
    path, name = uploads.store(request.FILES.getlist("files"))
    try:
        return receive_upload(actor=request.actor, now=timezone.now(), path=path, name=name)
    except BaseException:
        uploads.discard(path)
        raise


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One import by its state: the preview, the progress, what it did, or what was wrong."""
    require(request.actor, "view_imports")
    found = import_by_id(number)
    context: dict[str, Any] = {
        "found": found,
        "may_import": permits(request.actor.roles, "import_book"),
        "may_undo": permits(request.actor.roles, "undo_import"),
    }
    template = found.state
    if found.state == "pending":
        reading = _reading(found)
        template = "preview" if reading else "reading"
        context |= _preview_context(found, reading) if reading else {}
    elif found.state == "failed":
        context |= {
            "faults": [_fault(fault) for fault in found.faults[:SHOWN_FAULTS]],
            "fault_count": len(found.faults),
            "suggested": any(fault.suggestion for fault in found.faults[:SHOWN_FAULTS]),
            "upload_is_there": bool(found.path) and (Path(settings.HOME) / found.path).exists(),
        }
    whole = "import.html" if not request.htmx or request.htmx.boosted else "part.html"
    return render(
        request, f"pages/imports/{whole}", context | {"part": f"pages/imports/{template}.html", "state": template}
    )


def _reading(found: ImportFacts, patience: float = PATIENCE) -> Reading | None:
    """The preview by the options chosen; by those remembered for the file's shape when nothing was chosen yet."""
    reading = preview(found, patience=patience)
    if reading is None or found.options != Options():
        return reading
    kept = remembered_options(reading.preview.shape)
    return preview(found, kept, patience=patience) if kept else reading


def _options(found: ImportFacts, reading: Reading) -> Options:
    if found.options != Options():
        return found.options
    return remembered_options(reading.preview.shape) or found.options


def _preview_context(found: ImportFacts, reading: Reading) -> dict[str, Any]:
    options = _options(found, reading)
    shown = reading.preview
    fields = [(field, forms.field_words(field)) for field in shown.fields]
    sources, at = [], 0
    for source in shown.sources:
        prefix = f"{source.table}." if any("." in field for field in shown.fields) else ""
        mine = [(field, words) for field, words in fields if not prefix or field.startswith(prefix)]
        columns = []
        for column in source.columns:
            columns.append({"at": at, "column": column, "field": f"{prefix}{column.field}" if column.field else ""})
            at += 1
        sources.append({"source": source, "columns": columns, "fields": mine})
    first = done_import(reading.digest)
    return {
        "reading": reading,
        "preview": shown,
        "sources": sources,
        "options": options,
        "first": first,
        "faults": [_fault(fault) for fault in reading.faults[:SHOWN_FAULTS]],
        "fault_count": len(reading.faults),
        "suggested": any(fault.suggestion for fault in reading.faults[:SHOWN_FAULTS]),
        "number_styles": forms.NUMBER_STYLES,
        "date_orders": forms.DATE_ORDERS,
        "encodings": forms.ENCODINGS,
        "delimiters": forms.DELIMITERS,
        "delimiter": "tab" if options.delimiter == "\t" else options.delimiter,
        "remembered": found.options == Options() and options != Options(),
        "ready": reading.is_good and first is None,
    }


def _fault(fault: RowFault) -> dict[str, Any]:
    return {
        "table": fault.table,
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "message": say(fault),
        "suggestion": fault.suggestion,
    }


def _posted(request: HttpRequest, number: int) -> tuple[ImportFacts, Reading, Options]:
    """The waiting import, its reading by the posted options, and these."""
    found = import_by_id(number)
    reading = preview(found, patience=PATIENT) if found.state == "pending" else None
    if reading is None:
        raise Refused("import_state", N_("The import no longer waits."))
    options = forms.read_options(request.POST, reading.preview, _options(found, reading))
    return found, reading, options


@contextmanager
def _told(request: HttpRequest) -> Iterator[None]:
    """What is refused in here is said on the page that follows; what isn't there or allowed has its own page."""
    try:
        yield
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))


@require_POST
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Read the upload again, by what the person corrected."""
    require(request.actor, "import_book")
    with _told(request):
        found, _reading_before, options = _posted(request, number)
        reading = preview(found, options, patience=PATIENT)
        choose_options(actor=request.actor, now=timezone.now(), waiting=number, reading=reading, options=options)
    return redirect("import", number)


@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm: the import goes to the worker, and the page may be left."""
    require(request.actor, "import_book")
    with _told(request):
        if _changed(request, number):
            messages.warning(
                request, gettext("You changed how the file is read. Look at the preview again, then import.")
            )
            return choose(request, number)
        _fix_what_was_shown(request, import_by_id(number))
        start_import(actor=request.actor, now=timezone.now(), waiting=number)
    return redirect("import", number)


def _changed(request: HttpRequest, number: int) -> bool:
    """Whether the page that was confirmed says something else than what its preview showed."""
    if "column-0" not in request.POST:
        return False
    found = import_by_id(number)
    shown = _reading(found, PATIENT) if found.state == "pending" else None
    if shown is None:
        return False
    options = _options(found, shown)
    return forms.read_options(request.POST, shown.preview, options).digest() != options.digest()


def _fix_what_was_shown(request: HttpRequest, found: ImportFacts) -> None:
    """What was shown is what is imported: remembered choices become the import's own."""
    reading = preview(found, patience=PATIENT) if found.state == "pending" else None
    if reading is not None:
        options, now = _options(found, reading), timezone.now()
        shown = preview(found, options, patience=PATIENT)
        choose_options(actor=request.actor, now=now, waiting=found.id, reading=shown, options=options, remember=False)


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an import back by reversal."""
    require(request.actor, "undo_import")
    with _told(request):
        undo_import(actor=request.actor, now=timezone.now(), import_id=number)
        messages.success(request, gettext("Import {number} was undone.").format(number=number))
    return redirect("import", number)


@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Forget an upload that waits."""
    require(request.actor, "import_book")
    with _told(request):
        found = import_by_id(number)
        discard_import(actor=request.actor, now=timezone.now(), waiting=number)
        uploads.discard(Path(settings.HOME) / found.path)
    return redirect("imports")
