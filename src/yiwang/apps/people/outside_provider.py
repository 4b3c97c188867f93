"""Talking to the outside provider: its document, its keys, a code for claims.

Document and keys are kept for an hour; a token by a key we do not know makes us look again, once
a minute at most, so that nobody's forged tokens turn us into a flood.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

from yiwang.apps.people.outside_settings import Outside, is_safe, redirect_uri
from yiwang.foundation.jose import TokenError, UnknownKeyError, check_claims, opened

SECONDS, MOST_BYTES = 5.0, 1 << 20
KEPT, AGAIN = timedelta(hours=1), timedelta(minutes=1)
_guard = threading.Lock()


class ProviderError(Exception):
    """The provider did not answer, or not as it should; for the log, not for the person."""


@dataclass(frozen=True, slots=True)
class _Known:
    document: dict[str, Any]
    keys: list[dict[str, Any]]
    at: datetime


_known: dict[str, _Known] = {}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _open(request: urllib.request.Request) -> dict[str, Any]:
    """A JSON object. Raises ProviderError."""
    context = ssl.create_default_context(cafile=os.environ.get("YIWANG_OIDC_AUTHORITIES") or None)
    opener = urllib.request.build_opener(
        _NoRedirects(),
        urllib.request.HTTPSHandler(context=context),
        urllib.request.ProxyHandler({}),
    )
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            body = answer.read(MOST_BYTES + 1)
        found = json.loads(body) if len(body) <= MOST_BYTES else None
    except urllib.error.HTTPError as error:
        error.close()
        raise ProviderError(f"status {error.code}") from error
    except (OSError, ValueError) as error:
        raise ProviderError(type(error).__name__) from error
    if not isinstance(found, dict):
        raise ProviderError("no JSON object")
    return found


def _get(url: str, token: str = "") -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _open(urllib.request.Request(url, headers=headers))  # noqa: S310 - checked by is_safe


def known(outside: Outside, *, real_at: datetime, anew: bool = False) -> _Known:
    """Document and keys. Raises ProviderError."""
    with _guard:
        found = _known.get(outside.issuer)
        if found is not None and real_at - found.at < (AGAIN if anew else KEPT):
            return found
        _known[outside.issuer] = _fetched(outside, real_at)
        return _known[outside.issuer]


def _fetched(outside: Outside, real_at: datetime) -> _Known:
    document = _get(f"{outside.issuer.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != outside.issuer:
        raise ProviderError("another issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(document.get(name), str) or not is_safe(document[name]):
            raise ProviderError(name)
    keys = _get(document["jwks_uri"]).get("keys")
    if not isinstance(keys, list):
        raise ProviderError("keys")
    return _Known(document, [key for key in keys if isinstance(key, dict)], real_at)


def address_to(
    outside: Outside, *, state: str, nonce: str, challenge: str, real_at: datetime
) -> str:
    """Where the person signs in. Raises ProviderError."""
    where = known(outside, real_at=real_at).document["authorization_endpoint"]
    asked = {
        "response_type": "code",
        "client_id": outside.client_id,
        "redirect_uri": redirect_uri(),
        "scope": outside.scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"


def claims_for(
    outside: Outside, *, code: str, verifier: str, nonce: str, real_at: datetime
) -> dict[str, Any]:
    """The claims of the person who signed in, checked. Raises ProviderError, TokenError."""
    found = known(outside, real_at=real_at)
    answer = _exchange(outside, found.document["token_endpoint"], code, verifier)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise ProviderError("no ID token")
    try:
        claims = opened(token, found.keys)
    except UnknownKeyError:
        claims = opened(token, known(outside, real_at=real_at, anew=True).keys)
    check_claims(
        claims, issuer=outside.issuer, audience=outside.client_id, nonce=nonce, real_at=real_at
    )
    return _more(found.document, answer, claims)


def _exchange(outside: Outside, url: str, code: str, verifier: str) -> dict[str, Any]:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": verifier,
    }
    pair = f"{quote_plus(outside.client_id)}:{quote_plus(outside.secret)}".encode()
    headers = {
        "Authorization": f"Basic {base64.b64encode(pair).decode()}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    return _open(urllib.request.Request(url, urlencode(body).encode(), headers))  # noqa: S310


def _more(
    document: dict[str, Any], answer: dict[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """With what the provider tells besides; only about the same person (§5.3.2)."""
    url, token = document.get("userinfo_endpoint"), answer.get("access_token")
    if not isinstance(url, str) or not isinstance(token, str) or not is_safe(url):
        return claims
    told = _get(url, token)
    if told.get("sub") != claims["sub"]:
        raise TokenError("userinfo: sub")
    return {**told, **claims}
