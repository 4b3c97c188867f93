"""Signing in to departments' sites: what they ask by programs, and what the person is asked."""

from __future__ import annotations

import dataclasses
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.partners import sign_in
from yiwang.apps.partners.domain.sign_in import (
    SIGN_IN_SCOPES,
    Asked,
    AskedWronglyError,
    UnknownSiteError,
    back_to,
)
from yiwang.apps.partners.models import ApiClient
from yiwang.apps.partners.token_view import client_in, json_answer, refused
from yiwang.apps.partners.tokens import TokenRefusedError
from yiwang.foundation.clockwork import offset
from yiwang.foundation.jose import ALGORITHMS
from yiwang.foundation.secrets.signing_keys import signing_keys
from yiwang.foundation.shell.access import public_page, signed_in_page

KEPT, MOST_KEPT = "sign_in_for", 5
MINE = "/my/consents/"


@public_page
@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0 §3."""
    at = sign_in.issuer()
    return _public(
        {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/jwks",
            "end_session_endpoint": f"{at}/sign-out",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [ALGORITHMS[0]],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": list(SIGN_IN_SCOPES),
            "acr_values_supported": [sign_in.PASSWORD, sign_in.SECOND_FACTOR],
            "claims_supported": ["sub", "name", "kind", "paper_kind", "paper_number"],
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "ui_locales_supported": ["zh-CN"],
        }
    )


@public_page
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The public halves, the old ones as long as their tokens live."""
    return _public({"keys": signing_keys().published})


def _public(body: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(body)
    response["Cache-Control"] = "public, max-age=300"
    return response


@public_page
@require_safe
def authorize(request: HttpRequest) -> HttpResponse:
    """Check, keep what was asked in the session, go on to the person."""
    given, at = request.GET.dict(), request.at  # type: ignore[attr-defined]
    try:
        if any(len(values) > 1 for _, values in request.GET.lists()):
            raise UnknownSiteError
        site = sign_in.site_of(given, at=at)
    except UnknownSiteError as error:
        return _stopped(request, error.message)
    try:
        asked = sign_in.asked_by(site, given)
        if asked.is_silent:
            return HttpResponseRedirect(_silent(request, site, asked))
    except AskedWronglyError as error:
        told = {"error": error.code, "iss": sign_in.issuer()}
        told |= {"error_description": error.text} if error.text else {}
        told |= {"state": given["state"]} if given.get("state") else {}
        return HttpResponseRedirect(back_to(given["redirect_uri"], told))
    kept, key = dict(request.session.get(KEPT, {})), secrets.token_urlsafe(12)
    began = (at - offset()).timestamp()
    kept[key] = dataclasses.asdict(asked) | {"began": began}
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
    return HttpResponseRedirect(f"/oidc/consent/{key}/", status=303)


def _silent(request: HttpRequest, site: ApiClient, asked: Asked) -> str:
    """`prompt=none`: an answer without a page. Raises AskedWronglyError."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.account_id is None or _is_too_old(request, asked):
        raise AskedWronglyError("login_required")
    if not sign_in.has_consent(site, asked, actor.account_id):
        raise AskedWronglyError("consent_required")
    return _answer(request, site, asked)


def _session(request: HttpRequest) -> sign_in.Session:
    began = request.session.get("began")
    return sign_in.Session(
        began=datetime.fromtimestamp(began, UTC) if began else None,
        has_second_factor=bool(request.session.get("second_factor")),
    )


def _is_too_old(request: HttpRequest, asked: Asked, *, since: float | None = None) -> bool:
    """True where the site wants the person to sign in anew and they did not, `since` it asked."""
    began = _session(request).began
    real = request.at - offset()  # type: ignore[attr-defined]
    if asked.is_fresh and since is not None:
        return began is None or began.timestamp() < since
    if asked.most_age is None:
        return False
    return began is None or real - began > timedelta(seconds=asked.most_age)


def _answer(request: HttpRequest, site: ApiClient, asked: Asked) -> str:
    code = sign_in.code_for(
        site=site,
        asked=asked,
        session=_session(request),
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    told = {"code": code, "state": asked.state, "iss": sign_in.issuer()}
    return back_to(asked.redirect_uri, told)


@signed_in_page
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, key: str) -> HttpResponse:
    """Who wants to know what; agreed to once, it is not asked again until taken back."""
    kept = request.session.get(KEPT, {}).get(key)
    if kept is None:
        return _stopped(request, "这次登录已经办完或者过期。请回到原网站重新点登录。")
    began = kept["began"]
    asked = Asked(**{k: v for k, v in kept.items() if k != "began"})
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    given = {"client_id": asked.identifier, "redirect_uri": asked.redirect_uri}
    try:
        site = sign_in.site_of(given, at=at)
    except UnknownSiteError as error:
        return _stopped(request, error.message)
    if _is_too_old(request, asked, since=began):
        return HttpResponseRedirect(f"/sign-in/?next={quote(request.path)}", status=303)
    if request.method == "POST" and request.POST.get("answer") == "no":
        _forget(request, key)
        told = {"error": "access_denied", "state": asked.state, "iss": sign_in.issuer()}
        return _leave(request, site, back_to(asked.redirect_uri, told))
    if request.method == "POST" and request.POST.get("answer") == "yes":
        sign_in.agree(site=site, asked=asked, actor=actor, at=at)
    elif not sign_in.has_consent(site, asked, actor.account_id):
        return _consent_page(request, site, asked)
    _forget(request, key)
    return _leave(request, site, _answer(request, site, asked))


def _consent_page(request: HttpRequest, site: ApiClient, asked: Asked) -> HttpResponse:
    wanted = [SIGN_IN_SCOPES[name][1] for name in asked.scopes]
    context = {"site": site, "wanted": wanted, "mine": MINE}
    return render(request, "partners/consent.html", context)


def _forget(request: HttpRequest, key: str) -> None:
    kept = dict(request.session.get(KEPT, {}))
    kept.pop(key, None)
    request.session[KEPT] = kept


def _leave(request: HttpRequest, site: ApiClient, url: str) -> HttpResponse:
    """A page that goes on by itself: browsers let no form lead to another site by a redirect,
    and ours forbids it to all forms."""
    response = render(request, "partners/leave.html", {"site": site, "url": url})
    response["Refresh"] = f"0;url={url}"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _stopped(request: HttpRequest, text: str) -> HttpResponse:
    return render(request, "partners/sign_in_stopped.html", {"text": text}, status=400)


@csrf_exempt  # no cookie is looked at: whoever calls proves the client's key
@public_page
def token(request: HttpRequest) -> HttpResponse:
    """A code for an ID token (RFC 6749 §4.1.3)."""
    if request.method != "POST":
        response = refused("invalid_request", "请用 POST。", 405)
        response["Allow"] = "POST"
        return response
    try:
        identifier, secret = client_in(request)
        if request.POST.get("grant_type") != "authorization_code":
            raise TokenRefusedError("unsupported_grant_type", "只支持 authorization_code。")
        given = sign_in.Exchange(
            identifier=identifier,
            secret=secret,
            code=request.POST.get("code", ""),
            redirect_uri=request.POST.get("redirect_uri", ""),
            verifier=request.POST.get("code_verifier", ""),
            address=request.META.get("REMOTE_ADDR") or "",
        )
        return json_answer(sign_in.exchange(given, at=request.at))  # type: ignore[attr-defined]
    except TokenRefusedError as error:
        return refused(error.code, error.message, 401 if error.code == "invalid_client" else 400)


@csrf_exempt  # a token and no cookie says who is meant
@public_page
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """The person's data, as far as they agreed."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    try:
        if kind.lower() != "bearer":
            raise TokenRefusedError("invalid_token", "请用 Bearer 令牌。")
        return json_answer(sign_in.person_of(text.strip(), at=request.at))  # type: ignore[attr-defined]
    except TokenRefusedError as error:
        response = refused(error.code, error.message, 401)
        response["WWW-Authenticate"] = f'Bearer error="{error.code}"'
        return response


@public_page
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End our session too, where the person says so; then the way back, if it is registered."""
    given = (request.POST if request.method == "POST" else request.GET).dict()
    site: ApiClient | None = None
    uri = given.get("post_logout_redirect_uri", "")
    try:
        site = sign_in.site_of(given | {"redirect_uri": uri}, at=request.at)  # type: ignore[attr-defined]
    except UnknownSiteError:
        uri = ""
    if request.method == "POST":
        request.session.flush()
    state = given.get("state", "")[:500]
    context = {
        "is_done": request.method == "POST",
        "site": site,
        "back": back_to(uri, {"state": state}) if uri and state else uri,
        "given": {
            "client_id": given.get("client_id", "")[:60],
            "post_logout_redirect_uri": uri,
            "state": state,
        },
    }
    return render(request, "partners/sign_out.html", context)


@signed_in_page
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """Which sites one agreed to, and what they may know."""
    rows = [
        {"row": row, "told": [SIGN_IN_SCOPES[n][1] for n in SIGN_IN_SCOPES if n in row.scopes]}
        for row in sign_in.consents_of(request.actor)  # type: ignore[attr-defined]
    ]
    return render(request, "partners/consents.html", {"rows": rows})


@signed_in_page
@require_POST
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    found = sign_in.withdraw(
        consent_id=consent_id,
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    if found is None:
        raise Http404
    messages.success(request, f"已撤回。「{found.client.name}」不能再用您的账号登录。")
    return HttpResponseRedirect(MINE, status=303)
