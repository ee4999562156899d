"""Settings: close the books; people, their roles and passwords; teams and their territories."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.access.queries import people, person_facts, teams
from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.close_period import close_period
from goodstanding.actions.create_person import create_person
from goodstanding.actions.edit_person import edit_person, set_password
from goodstanding.actions.set_roles import set_roles
from goodstanding.actions.set_team import set_team
from goodstanding.kernel.errors import NotAllowed, Refused
from goodstanding.receivables.queries import closed_through, period_closes
from goodstanding.web.forms import DeskForm
from goodstanding.web.frame import ROLES
from goodstanding.web.pages.settings.forms import Close, Group, Someone
from goodstanding.web.templatetags.desk import day

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is set, and the ways to change it."""
    require(request.actor, "view_audit")
    return _overview(request, Close())


def _overview(request: HttpRequest, form: Close) -> HttpResponse:
    roles = request.actor.roles
    sees_people = permits(roles, "view_people")
    context = {
        "closed": closed_through(),
        "closes": period_closes(),
        "form": form,
        "may_close": permits(roles, "close_period"),
        "sees_people": sees_people,
        "people": [(each, [ROLES[role] for role in sorted(each.roles)]) for each in people()] if sees_people else [],
        "teams": teams() if sees_people else [],
        "may_add": permits(roles, "create_person"),
        "may_edit": permits(roles, "edit_person"),
        "may_team": permits(roles, "set_team"),
    }
    return render(request, "pages/settings/page.html", context)


def _done(form: DeskForm, act: Callable[[], object]) -> bool:
    """Whether it was done; else the form says why not."""
    try:
        act()
    except NotAllowed:
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@require_POST
def books(request: HttpRequest) -> HttpResponse:
    """Close the books through a day, or reopen them."""
    require(request.actor, "close_period")
    form = Close(request.POST)
    if not form.is_valid():
        return _overview(request, form)
    given = form.cleaned_data
    if not _done(form, lambda: close_period(actor=request.actor, now=timezone.now(), **given)):
        return _overview(request, form)
    messages.success(request, gettext("The books are closed through {day}.").format(day=day(given["through"])))
    return redirect("settings")


@require_http_methods(METHODS)
def new_person(request: HttpRequest) -> HttpResponse:
    """Add somebody who signs in."""
    require(request.actor, "create_person")
    form = Someone(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _done(form, lambda: create_person(actor=request.actor, now=timezone.now(), **given)):
            messages.success(request, gettext("{name} may sign in now.").format(name=given["name"]))
            return redirect("settings")
    return render(request, "pages/settings/person.html", {"form": form, "is_new": True})


@require_http_methods(METHODS)
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Change somebody's name, roles, password, or whether they sign in."""
    require(request.actor, "edit_person")
    found = person_facts(number)
    initial = {"username": found.username, "name": found.name, "roles": sorted(found.roles), "active": found.active}
    form = Someone(request.POST or None, initial=initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        given, who = form.cleaned_data, {"actor": request.actor, "now": timezone.now(), "username": found.username}

        def act() -> None:
            if (given["name"], given["active"]) != (found.name, found.active):
                edit_person(**who, name=given["name"], active=given["active"])
            if set(given["roles"]) != found.roles:
                set_roles(**who, roles=given["roles"])
            if given["password"]:
                set_password(**who, password=given["password"])

        if _done(form, act):
            messages.success(request, gettext("{name} saved.").format(name=given["name"]))
            return redirect("settings")
    return render(request, "pages/settings/person.html", {"form": form, "is_new": False, "someone": found})


@require_http_methods(METHODS)
def team(request: HttpRequest) -> HttpResponse:
    """Make a team, or change the one named in the address."""
    require(request.actor, "set_team")
    found = next((each for each in teams() if each.name == request.GET.get("name", "")), None)
    initial = (
        {"name": found.name, "members": found.members, "territories": "\n".join(found.territories)} if found else {}
    )
    known = [(each.username, each.name or each.username) for each in people()]
    form = Group(request.POST or None, initial=initial, people=known, is_new=found is None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lines = [line.strip() for line in given["territories"].splitlines() if line.strip()]
        change = {"name": given["name"], "members": given["members"], "territories": lines}
        if _done(form, lambda: set_team(actor=request.actor, now=timezone.now(), **change)):
            messages.success(request, gettext("{name} saved.").format(name=given["name"]))
            return redirect("settings")
    return render(request, "pages/settings/team.html", {"form": form, "is_new": found is None})
