"""A customer's notes and files: written down, attached, fetched and withdrawn."""

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.attach_file import attach_file, withdraw_file
from goodstanding.actions.base import require
from goodstanding.actions.write_note import withdraw_note, write_note
from goodstanding.inbound import files
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.parties import records
from goodstanding.parties.types import Customer
from goodstanding.reports import customer as report
from goodstanding.web.answers import say
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customer.forms import File, Note, Withdraw
from goodstanding.web.pages.customer.header import page


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, number: int) -> HttpResponse:
    """The tab with the notes and the files; a note is written here."""
    if request.method != "POST":
        return _tab(request, number)
    require(request.actor, "write_note")
    customer = parties.customer_by_id(request.actor, number)
    form = Note(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = write_note(actor=request.actor, now=timezone.now(), customer=customer.code, **given)
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            undo = reverse("withdraw-note", args=[number, made])
            messages.success(request, gettext("The note is kept."), extra_tags=undo)
            return redirect("customer-notes", number)
    return _tab(request, number, note=form)


def _tab(request: HttpRequest, number: int, **forms: Any) -> HttpResponse:
    def part(customer: Customer, ids: list[int], day: date) -> dict[str, Any]:
        kept, roles = report.records(request.actor, customer, ids, day), request.actor.roles
        now = customer.status != "merged" and not as_of(request).is_past
        any_of = permits(roles, "withdraw_any")
        rows = [(each, any_of or request.actor.signed(each.by)) for each in kept.notes]
        live = [row for row in rows if not row[0].withdrawn_by]
        return {
            "pinned": [row for row in live if row[0].pinned],
            "notes": [row for row in rows if row not in live or not row[0].pinned],
            "files": [(each, any_of or request.actor.signed(each.by)) for each in kept.files],
            "form": forms.get("note") or Note(initial={"key": secrets.token_hex(16)}),
            "file_form": forms.get("file") or File(),
            "withdraw": forms.get("withdraw") or Withdraw(),
            "withdrawing": forms.get("withdrawing"),
            "may_write": permits(roles, "write_note") and now,
            "may_attach": permits(roles, "attach_file") and now,
            "may_withdraw": permits(roles, "withdraw_note") and not as_of(request).is_past,
        }

    return page(request, number, "notes", part)


@require_POST
def withdraw(request: HttpRequest, number: int, note: int) -> HttpResponse:
    """Withdraw a note."""
    require(request.actor, "withdraw_note")
    customer = parties.customer_by_id(request.actor, number)
    withdraw_note(actor=request.actor, now=timezone.now(), customer=customer.code, note=note)
    messages.success(request, gettext("The note is withdrawn."))
    return redirect("customer-notes", number)


@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the files that come with the form; each that is new is told, and each that was here already."""
    require(request.actor, "attach_file")
    customer = parties.customer_by_id(request.actor, number)
    if request.method != "POST":
        return redirect("customer-notes", number)
    form, given = File(request.POST), request.FILES.getlist("files")
    if form.is_valid():
        form.check_files(given)
    if form.is_valid() and _attach(request, customer, form, given):
        return redirect("customer-notes", number)
    return _tab(request, number, file=form)


def _attach(request: HttpRequest, customer: Customer, form: File, given: list[UploadedFile]) -> bool:
    """Whether the files were looked at; false when the form itself was refused, with why at its fields."""
    told = form.cleaned_data
    made = 0
    for file in given:
        content = file.chunks()
        try:
            attach_file(
                actor=request.actor, now=timezone.now(), customer=customer.code, name=file.name or "", content=content,
                kind=told["kind"], title=told["title"],
            )  # fmt: skip
            made += 1
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            if refused.code != "same_file":
                form.refuse(refused)
                return False
            messages.warning(request, say(refused))
    if made:
        messages.success(
            request, ngettext("{count} file attached.", "{count} files attached.", made).format(count=made)
        )
    return True


@require_safe
def fetch(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """A file's bytes, to keep and never to open in place."""
    require(request.actor, "view_book")
    found = records.attachment(request.actor, _whose(request, number), file)
    response = HttpResponse(files.read(found.digest), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _whose(request: HttpRequest, number: int) -> list[int]:
    customer = parties.customer_by_id(request.actor, number)
    return report.members(customer, date.max) or [customer.id]


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_one(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """Withdraw a file, with a reason."""
    require(request.actor, "withdraw_file")
    customer = parties.customer_by_id(request.actor, number)
    if request.method != "POST":
        return redirect("customer-notes", number)
    form = Withdraw(request.POST)
    if form.is_valid():
        try:
            withdraw_file(
                actor=request.actor, now=timezone.now(), customer=customer.code, file=file,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("The file is withdrawn."))
            return redirect("customer-notes", number)
    return _tab(request, number, withdraw=form, withdrawing=file)
