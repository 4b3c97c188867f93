"""Who does somebody's work in a span of time: themselves, or the deputies (B角) of their posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q

from yiwang.apps.people.models import Absence, PostHolding

Span = tuple[datetime, datetime]


def standing_in(
    people: Mapping[int, str], spans: Sequence[Span], *, on: date
) -> dict[tuple[int, Span], list[str]]:
    """(account, span) → the names of who does its work then: its own, or, where it is away for a
    part of it, those deputies of its posts who are there; an empty list where nobody is.

    `people`: account → name. Two statements.
    """
    if not people or not spans:
        return {}
    deputies = _deputies(people, on)
    everybody = {*people, *(pk for found in deputies.values() for pk, _ in found)}
    away: dict[int, list[Span]] = defaultdict(list)
    rows = Absence.objects.filter(
        account_id__in=everybody,
        starts_at__lt=max(end for _, end in spans),
        ends_at__gt=min(begin for begin, _ in spans),
    )
    for account_id, begin, end in rows.values_list("account_id", "starts_at", "ends_at"):
        away[account_id].append((begin, end))

    def is_there(account_id: int, span: Span) -> bool:
        return not any(begin < span[1] and end > span[0] for begin, end in away[account_id])

    return {
        (pk, span): [label]
        if is_there(pk, span)
        else [f"{name}(B角)" for other, name in deputies[pk] if is_there(other, span)]
        for pk, label in people.items()
        for span in spans
    }


def _deputies(people: Mapping[int, str], on: date) -> dict[int, list[tuple[int, str]]]:
    """Account → (account, name) of the deputies of the posts it holds. One statement."""
    in_force = PostHolding.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), account__is_active=True
    )
    posts = in_force.filter(account_id__in=list(people), is_deputy=False).values("post_id")
    holders: dict[int, list[int]] = defaultdict(list)
    seconds: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = in_force.filter(post_id__in=posts).order_by("id")
    for post_id, account_id, label, is_deputy in rows.values_list(
        "post_id", "account_id", "account__label", "is_deputy"
    ):
        if is_deputy:
            seconds[post_id].append((account_id, label))
        else:
            holders[account_id].append(post_id)
    return {
        pk: list(dict.fromkeys(one for post in holders[pk] for one in seconds[post]))
        for pk in people
    }
