"""The page of the second factor: set up with a QR code, or prove with six digits."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from yiwang.apps.people.models import Account
from yiwang.apps.people.pages.signing import START, address_of, redirect
from yiwang.apps.people.second_factor import (
    SecondFactorLockedError,
    enrol,
    prove,
    set_up_address,
)
from yiwang.apps.people.signing_in import SignInRefusedError, new_second_factor
from yiwang.foundation.clockwork import offset
from yiwang.foundation.documents.qr import svg
from yiwang.foundation.shell.access import public_page
from yiwang.foundation.shell.own_path import own_path

SALT, MOST_AGE = "people.second-factor", 15 * 60


@public_page
@require_http_methods(["GET", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """For somebody who gave the right password and has not proved the second factor yet, and for
    anybody signed in who wants to set one up."""
    next_path = own_path(request.POST.get("next") or request.GET.get("next"), START)
    account = _account(request)
    if account is None:
        return redirect(f"/sign-in/?next={quote(next_path)}")
    if request.method == "GET":
        return _form(request, account, next_path)
    try:
        _check(request, account)
    except SecondFactorLockedError as error:
        request.session.flush()
        messages.error(request, error.message)
        return redirect(f"/sign-in/?next={quote(next_path)}")
    except SignInRefusedError as error:
        return _form(request, account, next_path, error=error.message)
    request.session.cycle_key()
    request.session["second_factor"] = True
    return redirect(next_path)


def _account(request: HttpRequest) -> Account | None:
    number = getattr(request, "pending_account", None) or request.actor.account_id  # type: ignore[attr-defined]
    return Account.objects.filter(pk=number, is_active=True).first() if number else None


def _check(request: HttpRequest, account: Account) -> None:
    at = request.at  # type: ignore[attr-defined]
    common: dict[str, Any] = {
        "account_id": account.pk,
        "code": request.POST.get("code", ""),
        "at": at,
        "real_at": at - offset(),
        "address": address_of(request),
    }
    if account.second_factor is not None:
        prove(**common)
    else:
        enrol(secret=_offered(request, account), **common)


def _offered(request: HttpRequest, account: Account) -> str:
    """The secret this account was shown, carried by its own form and signed by us."""
    try:
        kept = signing.loads(request.POST.get("offer", ""), salt=SALT, max_age=MOST_AGE)
    except signing.BadSignature as error:
        raise SignInRefusedError("这一页打开太久了,请用新的二维码重新设置。") from error
    if kept.get("account") != account.pk:
        raise SignInRefusedError("这一页是另一个账号的,请用新的二维码重新设置。")
    return str(kept["secret"])


def _form(
    request: HttpRequest, account: Account, next_path: str, *, error: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "next": next_path,
        "account": account,
        "is_set_up": account.second_factor is not None,
        "is_proved": request.actor.ref != "anonymous",  # type: ignore[attr-defined]
        "errors": [{"text": error, "url": "#id_code"}] if error else [],
        "error": error,
    }
    if account.second_factor is None:
        secret = new_second_factor()
        address = set_up_address(login=account.login, secret=secret)
        context |= {
            "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
            "qr": SafeString(svg(address, scale=5, title="动态口令二维码")),
            "offer": signing.dumps({"account": account.pk, "secret": secret}, salt=SALT),
        }
    return render(request, "people/second_factor.html", context, status=422 if error else 200)
