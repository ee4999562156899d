"""Settings, columns of files: the mappings people confirmed, to be named or forgotten."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.edit_mapping import delete_mapping, rename_mapping
from goodstanding.inbound.queries import mapping_by_id
from goodstanding.inbound.queries import mappings as remembered
from goodstanding.inbound.types import MappingFacts
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.web.answers import say
from goodstanding.web.pages.imports.forms import field_words
from goodstanding.web.pages.settings.doing import done
from goodstanding.web.pages.settings.forms import Named
from goodstanding.web.templatetags.desk import delimiter, table, written


@require_safe
def mappings(request: HttpRequest) -> HttpResponse:
    """All of them, the last used first."""
    require(request.actor, "view_audit")
    rows = [{"mapping": each, "columns": _columns(each)} for each in remembered()]
    return render(request, "pages/settings/mappings.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, number: int) -> HttpResponse:
    """One: what each column becomes, and its name to be changed."""
    require(request.actor, "view_audit")
    if request.method == "POST":
        require(request.actor, "save_mapping")
    found = mapping_by_id(number)
    form = Named(request.POST or None, initial={"name": found.name, "version": found.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if done(form, lambda: rename_mapping(actor=request.actor, now=timezone.now(), mapping=number, **given)):
            messages.success(request, gettext("Saved."))
            return redirect("mappings")
    context = {
        "found": found,
        "form": form,
        "columns": _columns(found),
        "options": _options(found),
        "may_save": permits(request.actor.roles, "save_mapping"),
    }
    return render(request, "pages/settings/mapping.html", context)


@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Forget one."""
    require(request.actor, "save_mapping")
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        delete_mapping(actor=request.actor, now=timezone.now(), mapping=number, version=seen)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
        return redirect("mapping", number)
    messages.success(request, gettext("Forgotten: the next file like it is read as if for the first time."))
    return redirect("mappings")


def _columns(found: MappingFacts) -> list[dict[str, str]]:
    """Each column with the words of what it becomes; in a book, of which table."""
    return [
        {"header": header, "field": field_words(field) if field else "",
         "table": table(field.partition(".")[0]) if "." in field else ""}
        for header, field in found.columns
    ]  # fmt: skip


def _options(found: MappingFacts) -> list[tuple[str, Any]]:
    """What else was chosen, in words."""
    options = found.options
    said = (
        (gettext("Currency"), options.currency),
        (gettext("Amount"), options.number_style),
        (gettext("Date"), written(options.date_order) if options.date_order else None),
        (gettext("Encoding"), options.encoding),
        (gettext("Columns end with"), delimiter(options.delimiter) if options.delimiter else None),
    )
    return [(label, value) for label, value in said if value]
