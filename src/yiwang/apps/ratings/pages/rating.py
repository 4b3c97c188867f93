"""一件一评: five grades with words, tags, a text, anonymous if wished."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.ratings.errors import RatingError
from yiwang.apps.ratings.models import Rating, RatingInvitation, Satisfaction
from yiwang.apps.ratings.operations import rating as operations
from yiwang.apps.ratings.operations.rating import TAGS, invitation_of, may_rate
from yiwang.foundation.shell.access import public_page


@public_page
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The token is the right to rate; whoever holds it needs no account."""
    invitation = invitation_of(token)
    if invitation is None:
        return render(request, "ratings/portal/unknown.html", {}, status=404)
    if not may_rate(request.actor):  # type: ignore[attr-defined]
        return render(request, "ratings/portal/not_staff.html", {}, status=403)
    given = Rating.objects.filter(invitation=invitation).first()
    if request.method != "POST" or given is not None:
        status = 409 if request.method == "POST" else 200
        return _page(request, invitation, given, status=status)
    try:
        operations.rate(
            token=token,
            satisfaction=request.POST.get("satisfaction", ""),
            tags=request.POST.getlist("tags"),
            text=request.POST.get("text", ""),
            is_anonymous=request.POST.get("is_anonymous") == "1",
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except RatingError as error:
        given = Rating.objects.filter(invitation=invitation).first()
        status = 409 if given is not None else 422
        return _page(request, invitation, given, error=error.message, status=status)
    response = HttpResponse(status=303)
    response.headers["Location"] = request.path
    return response


def _page(
    request: HttpRequest,
    invitation: RatingInvitation,
    given: Rating | None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    chosen = set(request.POST.getlist("tags"))
    context: dict[str, Any] = {
        "invitation": invitation,
        "given": given,
        "error": error,
        "grades": _grades(request.POST.get("satisfaction", ""), error),
        "good": _tags("good", "哪里做得好", TAGS[True], chosen),
        "bad": _tags("bad", "哪里要改进", TAGS[False], chosen),
        "text": request.POST.get("text", ""),
        "is_anonymous": request.POST.get("is_anonymous") == "1",
    }
    return render(request, "ratings/portal/rate.html", context, status=status)


def _grades(chosen: str, error: str) -> dict[str, Any]:
    return {
        "name": "satisfaction",
        "label": "您对这次办理满意吗?",
        "kind": "radios",
        "error": error if not chosen else "",
        "options": [
            {"value": value, "label": label, "selected": value == chosen}
            for value, label in Satisfaction.choices
        ],
    }


def _tags(group: str, label: str, tags: tuple[str, ...], chosen: set[str]) -> dict[str, Any]:
    return {
        "id": f"tags-{group}",
        "name": "tags",
        "label": label,
        "kind": "checkboxes",
        "is_optional": True,
        "options": [{"value": tag, "label": tag, "selected": tag in chosen} for tag in tags],
    }
