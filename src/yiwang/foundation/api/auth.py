"""Who calls: the session's actor, or the client behind a bearer token; both set by middleware.

An unsafe call that carries a session needs the CSRF token in `X-CSRFToken`, as a page's form
does: otherwise another site could make a signed-in person's browser act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.utils import check_csrf

from yiwang.foundation.access import Actor
from yiwang.foundation.api.problem import ProblemError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def caller(request: HttpRequest) -> tuple[Actor, datetime]:
    """Who calls, and the instant of the request."""
    return request.actor, request.at  # type: ignore[attr-defined]


def _check_csrf(request: HttpRequest) -> None:
    if request.method in SAFE or not request.session.get("account"):
        return
    if check_csrf(request) is not None:
        raise ProblemError(
            "unsafe-request",
            "没有带上有效的 CSRF 令牌:请把 /api/v1/session 的 csrf_token 放在 X-CSRFToken 头里。",
        )


@dataclass(slots=True)
class Bearer:
    """What came with a token: the operations it opens, or why it opens none. `operation` is the
    one that was let in."""

    operations: frozenset[str] = frozenset()
    problem: ProblemError | None = None
    operation: str = ""


class BearerToken:
    """A client's token, for the operations of its scopes; no cookie, so no CSRF token either.

    The scopes stand in the document by what `Api` is told of them.
    """

    openapi_security_schema = {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": {}}},
    }

    def __init__(self, operation: str) -> None:
        self.operation = operation

    def __call__(self, request: HttpRequest) -> Any:
        bearer: Bearer | None = getattr(request, "bearer", None)
        if bearer is None:
            return None  # a session may do
        if bearer.problem is not None:
            raise bearer.problem
        if self.operation not in bearer.operations:
            raise ProblemError(
                "no-permission",
                "这个访问令牌没有这项操作的权限范围,请核对登记的范围。",
                headers={"WWW-Authenticate": 'Bearer error="insufficient_scope"'},
            )
        bearer.operation = self.operation
        return caller(request)[0]


class SessionCookie:
    """A signed-in actor, with a CSRF token where the call changes something."""

    openapi_security_schema = {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
    }

    def __call__(self, request: HttpRequest) -> Any:
        actor, _ = caller(request)
        if actor.ref == "anonymous":
            raise ProblemError("signed-out", _why_signed_out(request))
        _check_csrf(request)
        return actor


class Anybody:
    """No sign-in needed; with a session the CSRF token is needed all the same."""

    def __call__(self, request: HttpRequest) -> Any:
        _check_csrf(request)
        return caller(request)[0]


def _why_signed_out(request: HttpRequest) -> str:
    if getattr(request, "needs_second_factor", False):
        return "请先在登录页完成动态口令验证,再继续办理。"
    if getattr(request, "session_timed_out", False):
        return "太久没有操作,已自动退出。请重新登录,已保存的草稿不受影响。"
    return "这个操作需要登录。请先登录,再继续办理。"
