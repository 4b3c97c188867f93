"""Through which registered entrance a visit came: a province's app, a partner's site.

An entrance opens the same pages on the same account, so that a case is one case wherever it is
looked at; only where it was begun is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

_KEY = "entrance"


@dataclass(frozen=True, slots=True)
class Entrance:
    """`code` is the registered identifier, `label` its name at the time; both empty: our own."""

    code: str = ""
    label: str = ""


OWN = Entrance()


def remember_entrance(request: HttpRequest, entrance: Entrance) -> None:
    """For the rest of this visit."""
    request.session[_KEY] = [entrance.code, entrance.label]


def entrance_of(request: HttpRequest) -> Entrance:
    """Where this visit came in; a session that was never told is our own."""
    session = getattr(request, "session", None)
    kept = session.get(_KEY) if session is not None else None
    return Entrance(*kept) if kept else OWN
