"""Addresses whose page is being built: removed when the last one stands."""

from django.http import Http404, HttpRequest, HttpResponse


def building(_request: HttpRequest) -> HttpResponse:
    """Nothing yet."""
    raise Http404
