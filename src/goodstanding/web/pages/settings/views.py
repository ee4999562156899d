"""Settings: what is set at a glance; people, their roles and passwords; teams and their territories."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.access.queries import people, person_facts, teams
from goodstanding.access.rules import permits
from goodstanding.access.sign_in import has_second_factor
from goodstanding.actions.base import require
from goodstanding.actions.create_person import create_person
from goodstanding.actions.edit_person import edit_person, set_password
from goodstanding.actions.help_sign_in import end_sessions_of, reset_second_factor
from goodstanding.actions.set_roles import set_roles
from goodstanding.actions.set_team import set_team
from goodstanding.web.frame import ROLES
from goodstanding.web.pages.settings.areas import areas
from goodstanding.web.pages.settings.doing import done
from goodstanding.web.pages.settings.forms import Group, Someone

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is set, and the ways to change it."""
    require(request.actor, "view_audit")
    roles = request.actor.roles
    sees_people = permits(roles, "view_people")
    context = {
        "areas": areas(),
        "sees_people": sees_people,
        "people": [(each, [ROLES[role] for role in sorted(each.roles)]) for each in people()] if sees_people else [],
        "teams": teams() if sees_people else [],
        "may_add": permits(roles, "create_person"),
        "may_edit": permits(roles, "edit_person"),
        "may_team": permits(roles, "set_team"),
    }
    return render(request, "pages/settings/page.html", context)


@require_http_methods(METHODS)
def new_person(request: HttpRequest) -> HttpResponse:
    """Add somebody who signs in."""
    require(request.actor, "create_person")
    form = Someone(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if done(form, lambda: create_person(actor=request.actor, now=timezone.now(), **given)):
            messages.success(request, gettext("{name} may sign in now.").format(name=given["name"]))
            return redirect("settings")
    return render(request, "pages/settings/person.html", {"form": form, "is_new": True})


@require_http_methods(METHODS)
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Change somebody's name, roles, password, or whether they sign in."""
    require(request.actor, "edit_person")
    found = person_facts(number)
    initial = {
        "username": found.username,
        "name": found.name,
        "email": found.email,
        "roles": sorted(found.roles),
        "active": found.active,
    }
    form = Someone(request.POST or None, initial=initial, is_new=False)
    if request.method == "POST" and form.is_valid():
        given, who = form.cleaned_data, {"actor": request.actor, "now": timezone.now(), "username": found.username}

        def act() -> None:
            if (given["name"], given["active"], given["email"]) != (found.name, found.active, found.email):
                edit_person(**who, name=given["name"], active=given["active"], email=given["email"])
            if set(given["roles"]) != found.roles:
                set_roles(**who, roles=given["roles"])
            if given["password"]:
                set_password(**who, password=given["password"])

        if done(form, act):
            messages.success(request, gettext("{name} saved.").format(name=given["name"]))
            return redirect("settings")
    context = {"form": form, "is_new": False, "someone": found, "has_factor": has_second_factor(number)}
    return render(request, "pages/settings/person.html", context)


@require_POST
def reset_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Take away a second factor that somebody lost."""
    require(request.actor, "reset_sign_in")
    found = person_facts(number)
    had = reset_second_factor(actor=request.actor, now=timezone.now(), username=found.username)
    told = gettext("The second factor is taken away, and every session ended.") if had else gettext("There was none.")
    messages.success(request, told)
    return redirect("person", number)


@require_POST
def end_sessions(request: HttpRequest, number: int) -> HttpResponse:
    """End all sessions of somebody."""
    require(request.actor, "reset_sign_in")
    found = person_facts(number)
    ended = end_sessions_of(actor=request.actor, now=timezone.now(), username=found.username)
    messages.success(request, ngettext("{count} session ended.", "{count} sessions ended.", ended).format(count=ended))
    return redirect("person", number)


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
        if done(form, lambda: set_team(actor=request.actor, now=timezone.now(), **change)):
            messages.success(request, gettext("{name} saved.").format(name=given["name"]))
            return redirect("settings")
    return render(request, "pages/settings/team.html", {"form": form, "is_new": found is None})
