"""`Authorization: Bearer` on the API: the client behind the token, once for each request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from yiwang.apps.partners import keyed
from yiwang.apps.partners.tokens import TokenRefusedError, caller_of, note_use
from yiwang.foundation.api.auth import Bearer
from yiwang.foundation.api.problem import ProblemError

Next = Callable[[HttpRequest], HttpResponse]


class Clients:
    """After the actor's middleware and before the limits, which count by actor.

    Nothing is refused here: an operation that is open to anybody does not look at a token, and
    all others ask for it in their authentication (foundation/api/auth).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _token(request)
        if token is not None:
            self._load(request, token)
        return self.get_response(request)

    def _load(self, request: HttpRequest, token: str) -> None:
        at = request.at  # type: ignore[attr-defined]
        if request.session.get("account"):
            request.bearer = Bearer(  # type: ignore[attr-defined]
                problem=ProblemError(
                    "unsafe-request", "访问令牌不能和登录会话一起用,请不要带 Cookie。"
                )
            )
            return
        try:
            caller = caller_of(token, address=request.META.get("REMOTE_ADDR") or "", at=at)
        except TokenRefusedError as error:
            header = {"WWW-Authenticate": f'Bearer error="{error.code}"'}
            request.bearer = Bearer(  # type: ignore[attr-defined]
                problem=ProblemError("signed-out", error.message, headers=header)
            )
            return
        if caller.is_to_note:
            note_use(caller.client_id, at=at)
        request.actor = caller.actor  # type: ignore[attr-defined]
        request.bearer = Bearer(operations=caller.operations)  # type: ignore[attr-defined]


class KeyedRequests:
    """After the limits: what is counted there is counted whatever becomes of the request, and no
    counter's row waits for a whole act."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        bearer = getattr(request, "bearer", None)
        if bearer is None or bearer.problem is not None or request.method != "POST":
            return None
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return None
        return keyed.answer(request, key, lambda: view(request, *args, **kwargs))


def _token(request: HttpRequest) -> str | None:
    """The token, or None; the API's own addresses only, so that no page opens to a program."""
    if not request.path.startswith("/api/"):
        return None
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None
