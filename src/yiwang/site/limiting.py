"""Which requests are counted, by whom, and what is answered when it was too often.

Only what anybody may ask for and what is dear: signing in, checks of papers, progress, search,
PDFs made on demand, the API's document, files taken in; and a ceiling on an account's acts.
Lists and reads spend nothing here.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from yiwang.foundation.api.problem import ProblemError, problem_response
from yiwang.foundation.environment import environment
from yiwang.foundation.limits.counting import Batches, spend
from yiwang.foundation.limits.rules import Limit, limit_of
from yiwang.site.errors import error_page

Next = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANY, POST, ASKED = "any", "post", "asked"  # every request; POST only; GET with a word to search

# Route → (limit, when).
ROUTES = {
    "sign-in/": ("sign-in", POST),
    "second-factor/": ("sign-in", POST),
    "password/": ("sign-in", POST),
    "check/": ("check", POST),
    "check/<str:code>/": ("check", ANY),
    "api/v1/documents/check/<code>": ("check", ANY),
    "progress/": ("progress", POST),
    "api/v1/progress": ("progress", ANY),
    "my/authorisations/new/": ("authorise", POST),
    "api/v1/my/authorisations": ("authorise", POST),
    "items/": ("search", ASKED),
    "items/<slug:code>/ask/": ("ask", POST),
    "api/v1/enquiries": ("ask", POST),
    "items/export.csv": ("search", ANY),
    "decisions/": ("search", ASKED),
    "decisions/export.csv": ("search", ANY),
    "api/v1/decisions": ("search", ASKED),
    "work/find/": ("search", ASKED),
    "api/v1/items/search": ("search", ANY),
    "items/<slug:code>/guide.pdf": ("print", ANY),
    "api/v1/openapi.json": ("openapi", ANY),
    "api/v1/token": ("token", POST),
    "oidc/authorize": ("identity", ANY),
    "oidc/token": ("identity", POST),
    "oidc/userinfo": ("identity", ANY),
    "sign-in/outside/": ("sign-in", POST),
    "sign-in/outside/back/": ("sign-in", ANY),
}
BY_ADDRESS = frozenset({"sign-in", "check", "progress", "openapi", "token", "identity"})
acts = Batches()


class RateLimits:
    """Counts what `ROUTES` names, uploads and acts; 429 with Retry-After past a limit."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        for name in _limits_on(request):
            limit = limit_of(name)
            wait = _spend(request, name, limit) if limit is not None else 0
            if wait:
                return too_many(request, wait)
        return None


def _limits_on(request: HttpRequest) -> Iterator[str]:
    match = request.resolver_match
    found = ROUTES.get(match.route if match else "")
    if found is not None:
        name, when = found
        is_asked = when == ASKED and bool(request.GET.get("q", "").strip())
        if when == ANY or is_asked or (when == POST and request.method == "POST"):
            yield name
    if request.method in SAFE:
        return
    is_upload = request.content_type == "multipart/form-data"
    if is_upload and found is None:
        yield "upload"
    if _account(request) is not None:
        yield "acts"


def _spend(request: HttpRequest, name: str, limit: Limit) -> int:
    account = _account(request)
    if name == "acts":
        return acts.spend(name, limit, account or "")
    who = account if account is not None and name not in BY_ADDRESS else network_of(request)
    return spend(name, limit, who)


def _account(request: HttpRequest) -> str | None:
    actor = getattr(request, "actor", None)
    return None if actor is None or actor.ref == "anonymous" else str(actor.ref)


def network_of(request: HttpRequest) -> str:
    """Whom an address counts for: itself, in version 6 its /64, which one customer holds."""
    text = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429 as a page or a problem; `wait` in seconds."""
    words = f"{wait} 秒" if wait < 120 else f"{math.ceil(wait / 60)} 分钟"
    text = f"操作太频繁,为保证大家都能使用,请等 {words}后再试。"
    headers = {"Retry-After": str(wait)}
    if request.path.startswith("/api/"):
        return problem_response(request, ProblemError("too-many-requests", text, headers=headers))
    response = error_page(request, 429, text)
    response["Retry-After"] = headers["Retry-After"]
    return response


class Proxied:
    """Behind a proxy we trust: whose address it forwarded, and whether the person came by TLS.

    From anybody else X-Forwarded-For and -Proto are only words: they are not believed.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        if _is_trusted(meta.get("REMOTE_ADDR") or ""):
            chain = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            for part in reversed([part for part in chain if part]):
                if not _is_address(part):
                    break
                meta["REMOTE_ADDR"] = part
                if not _is_trusted(part):
                    break
            if meta.get("HTTP_X_FORWARDED_PROTO") == "https":
                meta["wsgi.url_scheme"] = "https"
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in _networks())


@lru_cache(maxsize=1)
def _networks() -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(part) for part in environment().trusted_proxies)
