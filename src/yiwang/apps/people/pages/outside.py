"""Signing in through the outside provider, and what of it one sees and takes away: 我的账号."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.people import bindings, outside
from yiwang.apps.people.crediting import listings_of
from yiwang.apps.people.outside import OutsideRefusedError
from yiwang.apps.people.outside_settings import Outside, outside_of
from yiwang.apps.people.pages.signing import START, address_of, enter, redirect
from yiwang.apps.people.signing_in import SignInRefusedError
from yiwang.foundation.shell.access import public_page, signed_in_page
from yiwang.foundation.shell.own_path import own_path

KEPT, MOST_KEPT = "outside", 5
MINE = "/my/account/"


def _configured() -> Outside:
    found = outside_of()
    if found is None:
        raise Http404
    return found


@public_page
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the provider, with a way back to where one was."""
    next_path = own_path(request.POST.get("next"), START)
    return _go(request, START if next_path.startswith("/sign-in/") else next_path, None)


@signed_in_page
@require_POST
def bind(request: HttpRequest) -> HttpResponse:
    """Off to the provider to bind its identity to the account one is signed in with."""
    return _go(request, MINE, request.actor.account_id)  # type: ignore[attr-defined]


def _go(request: HttpRequest, next_path: str, bind_to: int | None) -> HttpResponse:
    provider = _configured()
    try:
        begun = outside.begin(
            provider,
            next_path=next_path,
            bind_to=bind_to,
            at=request.at,  # type: ignore[attr-defined]
        )
    except OutsideRefusedError as error:
        return _stopped(request, provider, error, next_path, 503)
    kept = {**request.session.get(KEPT, {}), begun.state: begun.kept}
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
    # Browsers let no form lead to another site by a redirect where form-action is 'self'.
    response = render(request, "people/outside_go.html", {"name": provider.name, "url": begun.url})
    response["Refresh"] = f"0;url={begun.url}"
    return response


@public_page
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: a state is used once, whatever becomes of it."""
    provider, given = _configured(), request.GET.dict()
    waiting = dict(request.session.get(KEPT, {}))
    kept = waiting.pop(given.get("state", ""), None)
    request.session[KEPT] = waiting
    next_path = own_path(kept["next"] if kept else None, START)
    if kept is not None and kept["bind"] not in (None, request.actor.account_id):  # type: ignore[attr-defined]
        kept = None  # somebody else is signed in by now
    try:
        found = outside.finish(
            provider,
            kept=kept,
            given=given,
            at=request.at,  # type: ignore[attr-defined]
            address=address_of(request),
        )
    except OutsideRefusedError as error:
        return _stopped(request, provider, error, next_path, 403 if error.is_unknown else 400)
    except SignInRefusedError as error:
        refused = OutsideRefusedError(error.message)
        return _stopped(request, provider, refused, next_path, 403)
    if kept is not None and kept["bind"] is not None:
        messages.success(request, f"已绑定{provider.name},以后可以从那里登录。")
        return redirect(MINE)
    return enter(request, found.account, next_path, is_proved=found.is_proved)


def _stopped(
    request: HttpRequest,
    provider: Outside,
    error: OutsideRefusedError,
    next_path: str,
    status: int,
) -> HttpResponse:
    context = {
        "text": error.message,
        "is_unknown": error.is_unknown,
        "name": provider.name,
        "again": f"/sign-in/?next={quote(next_path)}",
    }
    return render(request, "people/outside_stopped.html", context, status=status)


@signed_in_page
@require_safe
def my_account(request: HttpRequest) -> HttpResponse:
    """The ways one can sign in, and where one signed in to with this account."""
    rows = bindings.identities_of(request.actor)  # type: ignore[attr-defined]
    provider = outside_of()
    actor = request.actor  # type: ignore[attr-defined]
    parties = [party for party in (actor.party_id, *sorted(actor.represents)) if party]
    context = {
        "rows": rows,
        "dishonesty": listings_of(parties) if parties else [],
        "name": provider.name if provider else "外部平台",
        "may_bind": provider is not None
        and provider.issuer not in {row.issuer for row in rows}
        and (provider.with_staff or not request.actor.is_staff),  # type: ignore[attr-defined]
    }
    return render(request, "people/my_account.html", context)


@signed_in_page
@require_POST
def remove(request: HttpRequest, identity_id: int) -> HttpResponse:
    if not bindings.remove(
        identity_id=identity_id,
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
        address=address_of(request),
    ):
        raise Http404
    messages.success(request, "已解除绑定。")
    return redirect(MINE)
