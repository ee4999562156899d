"""Keep how a list looks under a name; forget it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from goodstanding.actions.base import require
from goodstanding.actions.save_view import delete_view, save_view
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.web.answers import say
from goodstanding.web.frame import AsOf, as_of
from goodstanding.web.pages.customers.forms import read_question as of_customers
from goodstanding.web.pages.preferences.views import way_back
from goodstanding.web.pages.receivables.forms import read_question as of_receivables
from goodstanding.web.pages.receivables.views import sorting
from goodstanding.web.saved import looks


def _customers(query: QueryDict, day: AsOf) -> dict[str, str]:
    return looks(of_customers(query, day).params)


def _receivables(query: QueryDict, day: AsOf) -> dict[str, str]:
    question = of_receivables(query, day)
    return looks(question.params | sorting(question))


READERS: dict[str, Callable[[QueryDict, AsOf], dict[str, str]]] = {"customers": _customers, "receivables": _receivables}


@require_POST
def save(request: HttpRequest, page: str) -> HttpResponse:
    """Keep the view; only what the list itself understands of the address is kept."""
    require(request.actor, "save_view")
    if page not in READERS:
        raise Http404
    params = READERS[page](QueryDict(request.POST.get("query", "")[:2000]), as_of(request))
    try:
        save_view(
            actor=request.actor, now=timezone.now(), page=page, name=request.POST.get("name", ""), params=params,
            shared=request.POST.get("shared") == "1", opens=request.POST.get("opens") == "1",
        )  # fmt: skip
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, gettext("The view is saved."))
    query = urlencode(params or {"view": "all"})
    return redirect(f"{reverse(page)}?{query}")


@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a view of one's own."""
    require(request.actor, "save_view")
    name = delete_view(actor=request.actor, now=timezone.now(), number=number)
    messages.success(request, gettext("The view “{name}” is forgotten.").format(name=name))
    return way_back(request)
