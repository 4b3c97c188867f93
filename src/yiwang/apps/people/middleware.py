"""Who is behind a request: one statement for the session, one for the account and its posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from yiwang.apps.people.domain.parameters import CITIZEN_IDLE, STAFF_IDLE
from yiwang.apps.people.models import Account
from yiwang.apps.people.queries import SignedIn, load_actor
from yiwang.apps.people.signing_in import is_out_of_place
from yiwang.foundation.access import Actor
from yiwang.foundation.clockwork import now, offset
from yiwang.foundation.environment import environment
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import civil_date

ANONYMOUS = Actor(ref="anonymous", label="")
NOTE_EVERY = timedelta(minutes=1)


class ActorMiddleware:
    """Sets `request.at` (the time is read here, once) and `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = now()
        request.at = at  # type: ignore[attr-defined]
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        request.needs_second_factor = False  # type: ignore[attr-defined]
        request.needs_password = False  # type: ignore[attr-defined]
        if request.session.get("account"):
            self._load(request, at)
        return self.get_response(request)

    def _load(self, request: HttpRequest, at: datetime) -> None:
        session = request.session
        # Idle time is real time: moving the demonstration clock signs nobody out.
        real = (at - offset()).timestamp()
        signed_in = load_actor(session["account"], at=at)
        if (
            signed_in is None
            or session.get("mark") != signed_in.password_mark
            or is_out_of_place(signed_in.is_demo)
        ):
            session.flush()
            return
        today = civil_date(at)
        idle = parameter(STAFF_IDLE if signed_in.actor.is_staff else CITIZEN_IDLE, on=today)
        if real - session.get("seen", 0) > idle.value * 60:
            session.flush()
            request.session_timed_out = True  # type: ignore[attr-defined]
            return
        if real - session["seen"] > NOTE_EVERY.total_seconds():
            session["seen"] = real
        if signed_in.must_change_password:
            request.needs_password = True  # type: ignore[attr-defined]
            request.pending_account = session["account"]  # type: ignore[attr-defined]
            return
        if must_prove_second_factor(signed_in) and not session.get("second_factor"):
            request.needs_second_factor = True  # type: ignore[attr-defined]
            request.pending_account = session["account"]  # type: ignore[attr-defined]
            return
        request.actor = signed_in.actor  # type: ignore[attr-defined]


def must_prove_second_factor(signed_in: SignedIn) -> bool:
    """Staff always, except demonstration accounts in the demonstration."""
    if not signed_in.actor.is_staff:
        return signed_in.has_second_factor
    return not (signed_in.is_demo and environment().is_demo)


def begin_session(request: HttpRequest, account: Account, at: datetime) -> None:
    """Start a signed-in session with a new key (no session fixation) and nothing of another
    account's in it."""
    if request.session.get("account", account.pk) != account.pk:
        request.session.flush()
    request.session.cycle_key()
    request.session["account"] = account.pk
    request.session["mark"] = account.password[-16:]
    request.session["seen"] = (at - offset()).timestamp()
    request.session["began"] = request.session["seen"]
    request.session["second_factor"] = False
