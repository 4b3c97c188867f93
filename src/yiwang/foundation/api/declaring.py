"""Declaring an operation: what it answers, every way it can refuse, and who may call it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.client import responses as phrases
from typing import Any

from ninja import Router
from ninja.params import functions as parameter

from yiwang.foundation.api.auth import SAFE, Anybody, BearerToken, SessionCookie
from yiwang.foundation.api.problem import MEDIA_TYPE

SESSION, ANYBODY = SessionCookie(), Anybody()
AFTER: Any = parameter.Query("", description="上一页的 next_cursor;第一页不填")
SIZE: Any = parameter.Query(20, description="每页条数")
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def problems(statuses: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The `responses` part of an OpenAPI operation for these statuses."""
    return {
        status: {"description": phrases[status], "content": _PROBLEM} for status in sorted(statuses)
    }


def endpoint(
    router: Router,
    method: str,
    path: str,
    *,
    answers: Any,
    summary: str,
    also: tuple[int, ...] = (),
    is_public: bool = False,
    status: int = 200,
    by_alias: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare one operation on a router.

    Declared by themselves: 401 and 403 (a token without the scope) where a session or a token is
    needed, 403 and 429 for whatever changes something, 400 and 422 where there is something to
    get wrong, 413 and 415 where there is a body. `also` names the rest (404, 409, 429 of a read).
    """
    refusals = set(also)
    if not is_public:
        refusals |= {401, 403}
    if method not in SAFE:
        refusals |= {403, 429}
    extra: dict[str, Any] = {"responses": problems(refusals)}
    if is_public:
        extra["security"] = []

    def declared(view: Callable[..., Any]) -> Callable[..., Any]:
        operation = router.api_operation(
            [method],
            path,
            response={status: answers},
            auth=ANYBODY if is_public else [BearerToken(view.__name__), SESSION],
            operation_id=view.__name__,
            summary=summary,
            by_alias=by_alias,
            openapi_extra=extra,
        )
        return operation(view)

    return declared
