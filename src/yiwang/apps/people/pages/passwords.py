"""One's own password: changed when one likes, and first of all where it is a one-time one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.pages.signing import START, address_of, redirect
from yiwang.apps.people.passwords import SHORTEST, change_password, require_old
from yiwang.apps.people.signing_in import SignInRefusedError
from yiwang.foundation.shell.access import public_page
from yiwang.foundation.shell.own_path import own_path

FIELDS = (("old", "现在的密码"), ("new", "新密码"), ("again", "再输入一次新密码"))


@public_page
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """For whoever is signed in, or stands before it with a one-time password."""
    next_path = own_path(request.POST.get("next") or request.GET.get("next"), START)
    is_first = request.needs_password  # type: ignore[attr-defined]
    account_id = (
        request.pending_account  # type: ignore[attr-defined]
        if is_first
        else request.actor.account_id  # type: ignore[attr-defined]
    )
    if account_id is None:
        return HttpResponseRedirect("/sign-in/?next=/password/")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _changed(request, account_id, next_path)
        except AdministrationError as error:
            errors = error.fields
        except SignInRefusedError as error:
            errors = {"old": error.message}
    context = {
        "next": next_path,
        "is_first": is_first,
        "fields": [
            {"name": name, "label": label, "error": errors.get(name, ""), "kind": "password",
             "autocomplete": "current-password" if name == "old" else "new-password",
             "hint": f"至少 {SHORTEST} 个字符,可以用一句话。" if name == "new" else ""}
            for name, label in FIELDS
        ],
        "errors": [{"text": text, "url": f"#id_{name}"} for name, text in errors.items()],
    }  # fmt: skip
    return render(request, "people/password.html", context, status=422 if errors else 200)


def _changed(request: HttpRequest, account_id: int, next_path: str) -> HttpResponse:
    typed: dict[str, Any] = {name: request.POST.get(name, "")[:200] for name, _ in FIELDS}
    at = request.at  # type: ignore[attr-defined]
    address = address_of(request)
    require_old(account_id, typed["old"], at=at, address=address)
    account = change_password(account_id=account_id, at=at, address=address, **typed)
    request.session["mark"] = account.password[-16:]
    messages.success(request, "密码已修改,在别处登录的都已退出。")
    return redirect(next_path)
