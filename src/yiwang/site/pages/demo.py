"""The demonstration: a guided tour, one-click roles, a clock that can be moved forward.

Everything here answers 404 outside the demonstration, which itself exists only on a loopback
address with the embedded database (foundation.environment).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import yaml
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.people.models import Account
from yiwang.apps.people.pages.signing import START, address_of, enter, redirect
from yiwang.apps.people.queries import demonstration_people
from yiwang.apps.people.signing_in import note
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.clockwork import advance
from yiwang.foundation.environment import environment
from yiwang.foundation.shell.access import public_page
from yiwang.foundation.shell.own_path import own_path
from yiwang.kernel.moment import BEIJING, chinese_date, civil_date
from yiwang.site.worker import relay_once

View = Callable[..., HttpResponse]
MOST_DAYS, MOST_ROUNDS = 60, 6
OPENING = time(9, 0)
TOUR = Path(__file__).parent.parent / "demonstration" / "tour.yaml"


def demonstration_only(view: View) -> View:
    """404 elsewhere: a deployment does not tell that such pages exist."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not environment().is_demo:
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@lru_cache(maxsize=1)
def chapters() -> list[dict[str, Any]]:
    """The tour as its file tells it."""
    found: list[dict[str, Any]] = yaml.safe_load(TOUR.read_text(encoding="utf-8"))
    return found


@public_page
@demonstration_only
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """The journeys in numbered steps, each with the role it needs."""
    groups = demonstration_people()
    people = {person.login: (role, person) for role, members in groups for person in members}
    shown = [
        chapter | {"steps": [step | _who(step, people) for step in chapter["steps"]]}
        for chapter in chapters()
    ]
    context = {"chapters": shown, "demo_groups": groups, "next": START}
    return render(request, "site/demo.html", context)


def _who(step: dict[str, Any], people: dict[str, Any]) -> dict[str, Any]:
    role, person = people[step["login"]]
    return {"role": role, "label": person.label}


@public_page
@demonstration_only
@require_POST
def enter_as(request: HttpRequest, login: str) -> HttpResponse:
    """Become one of the demonstration's people; 404 for any other account."""
    account = Account.objects.filter(login=login, is_demo=True, is_active=True).first()
    if account is None:
        raise Http404
    at = request.at  # type: ignore[attr-defined]
    note("DEMO_ENTERED", account=account.login, at=at, address=address_of(request))
    return enter(request, account, own_path(request.POST.get("next"), START))


@public_page
@demonstration_only
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move the clock forward and do at once what fell due meanwhile."""
    back = redirect(own_path(request.POST.get("next"), "/demo/"))
    at = request.at  # type: ignore[attr-defined]
    by = _step(request.POST.get("by", ""), request.POST.get("days", ""), at)
    if by is None:
        messages.error(request, f"请填写要拨快的天数,1 到 {MOST_DAYS} 之间。")
        return back
    reached = advance(by)
    done = 0
    for _ in range(MOST_ROUNDS):
        handled = relay_once()
        done += handled
        if not handled:
            break
    told = f"处理了 {done} 项到期或等待的事。" if done else "这段时间里没有到期的事。"
    messages.success(
        request, f"演示时间已到 {chinese_date(civil_date(reached))} {reached:%H:%M},{told}"
    )
    return back


def _step(by: str, days: str, at: datetime) -> timedelta | None:
    """How far to move, None where the number of days is not one."""
    if by == "hour":
        return timedelta(hours=1)
    if by == "day":
        return timedelta(days=1)
    if by == "working_day":
        on = calendar().next_working_day(civil_date(at) + timedelta(days=1))
        return datetime.combine(on, OPENING, BEIJING) - at
    if days.isdecimal() and 1 <= int(days[:4]) <= MOST_DAYS:
        return timedelta(days=int(days))
    return None
