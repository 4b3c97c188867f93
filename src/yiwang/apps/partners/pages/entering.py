"""Coming in from a registered system (a province's app): the same pages, the same account."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from yiwang.apps.partners.domain.vocabulary import ClientState
from yiwang.apps.partners.models import ApiClient
from yiwang.foundation.shell.access import public_page
from yiwang.foundation.shell.entrance import Entrance, remember_entrance
from yiwang.foundation.shell.own_path import own_path
from yiwang.kernel.moment import civil_date


@public_page
@require_safe
def enter(request: HttpRequest, identifier: str) -> HttpResponse:
    """`?to=` a page of ours. An entrance that is not registered, stopped or run out is unknown."""
    row = ApiClient.objects.filter(
        identifier=identifier,
        state=ClientState.ACTIVE.value,
        valid_until__gte=civil_date(request.at),  # type: ignore[attr-defined]
    ).first()
    if row is None:
        raise Http404
    remember_entrance(request, Entrance(row.identifier, row.name))
    return HttpResponseRedirect(own_path(request.GET.get("to")))
