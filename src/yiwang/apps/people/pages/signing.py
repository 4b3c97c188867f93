"""Signing in and out."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.people.middleware import begin_session, must_prove_second_factor
from yiwang.apps.people.models import Account
from yiwang.apps.people.outside_settings import outside_name
from yiwang.apps.people.queries import SignedIn, demonstration_people, load_actor
from yiwang.apps.people.signing_in import SignInRefusedError, sign_in
from yiwang.foundation.environment import environment
from yiwang.foundation.shell.access import public_page
from yiwang.foundation.shell.own_path import own_path

START = "/start/"


def address_of(request: HttpRequest) -> str | None:
    """The caller's address for the security log; None behind a socket."""
    return request.META.get("REMOTE_ADDR") or None


def redirect(path: str) -> HttpResponse:
    """303: the next request is a GET, whatever this one was."""
    return HttpResponseRedirect(path, status=303)


@public_page
@require_http_methods(["GET", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Login and password; in the demonstration also one button for each role."""
    next_path = own_path(request.POST.get("next") or request.GET.get("next"), START)
    if next_path.startswith("/sign-in/"):
        next_path = START
    if request.method == "GET":
        return _form(request, next_path)
    login = request.POST.get("login", "")
    try:
        account = sign_in(
            login=login,
            password=request.POST.get("password", ""),
            at=request.at,  # type: ignore[attr-defined]
            address=address_of(request),
        )
    except SignInRefusedError as error:
        return _form(request, next_path, login=login, error=error.message)
    return enter(request, account, next_path)


def enter(
    request: HttpRequest, account: Account, next_path: str, *, is_proved: bool = False
) -> HttpResponse:
    """Begin the account's session and go on, by way of the second factor where it is due and was
    not proved elsewhere."""
    at = request.at  # type: ignore[attr-defined]
    onward = _onward(load_actor(account.pk, at=at), next_path, is_proved)
    begin_session(request, account, at)
    request.session["second_factor"] = is_proved
    # Last: a breakdown before it must not leave the form on the screen with a token of before,
    # since whoever presses the button again would be told that the page is out of date.
    rotate_token(request)
    return redirect(onward)


def _onward(signed_in: SignedIn | None, next_path: str, is_proved: bool) -> str:
    if signed_in is not None and signed_in.must_change_password:
        return f"/password/?next={quote(next_path)}"
    if not is_proved and signed_in is not None and must_prove_second_factor(signed_in):
        return f"/second-factor/?next={quote(next_path)}"
    return next_path


def _form(
    request: HttpRequest, next_path: str, *, login: str = "", error: str = ""
) -> HttpResponse:
    is_demo = environment().is_demo
    context = {
        "next": next_path,
        "login_field": {
            "name": "login",
            "label": "登录名",
            "value": login,
            "autocomplete": "username",
            "maxlength": 60,
            "width": "w-20",
        },
        "errors": [{"text": error, "url": "#id_login"}] if error else [],
        "expired": request.GET.get("expired") == "1",
        "outside": outside_name(),
        "demo_groups": demonstration_people() if is_demo else [],
    }
    return render(request, "people/sign_in.html", context, status=422 if error else 200)


@public_page
@require_POST
def sign_out_page(request: HttpRequest) -> HttpResponse:
    """End the session."""
    request.session.flush()
    messages.success(request, "您已退出登录。")
    return redirect("/")
