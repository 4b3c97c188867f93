"""Reads of the samples: lists of the checkers and of the organs, one case, the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from yiwang.apps.oversight.errors import SampleNotFoundError
from yiwang.apps.oversight.models import Sample, SampledCase
from yiwang.apps.oversight.operations.sampling import may_check
from yiwang.apps.oversight.permissions import ANSWER, SAMPLE
from yiwang.apps.people.public import organs_in_area
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page

SAMPLED = Listing(
    "oversight_sampledcase", "organ_id", "bigint", (("id", "bigint"),), descending=True
)


def organs_of(actor: Actor) -> list[int]:
    """Organs this actor samples, and those it answers for. At most one statement."""
    areas = [p.area_code for p in actor.postings if SAMPLE.code in p.permissions]
    return sorted({*actor.organ_ids(ANSWER), *(organs_in_area(areas) if areas else ())})


@dataclass(frozen=True, slots=True)
class SampledPage:
    cases: list[SampledCase]
    next_cursor: str | None


def sampled(
    *, organs: list[int], only_open: bool = True, after: str | None = None, size: int = 20
) -> SampledPage:
    """Newest first: those still to be checked or answered, or all."""
    where = "t.state IN ('PENDING', 'PROBLEM')" if only_open else "t.state <> 'DROPPED'"
    found = page(SAMPLED, scopes=organs, where=where, after=after, size=size)
    rows = SampledCase.objects.select_related("organ", "sample").in_bulk(list(found.keys))
    return SampledPage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def sampled_case(sampled_id: int, *, actor: Actor) -> SampledCase:
    """Raises SampleNotFoundError."""
    rows = SampledCase.objects.select_related("organ", "sample")
    row = rows.filter(pk=sampled_id).first()
    if row is None or not (may_check(actor, row.organ) or actor.may(ANSWER, organ_id=row.organ_id)):
        raise SampleNotFoundError
    return row


@dataclass(frozen=True, slots=True)
class SamplingFigures:
    """`drawn` ÷ `concluded`, `problems` ÷ `checked`, `answered` ÷ `problems`; last draws only."""

    concluded: int
    drawn: int
    checked: int
    problems: int
    answered: int


def figures(*, organs: list[int], first: date, last: date) -> SamplingFigures:
    """Of the cases concluded from `first` to `last`. Two statements."""
    live = SampledCase.objects.filter(
        organ__in=organs, sample__last_on__range=(first, last)
    ).exclude(state="DROPPED")
    counted = live.aggregate(
        drawn=Count("pk"),
        checked=Count("pk", filter=Q(checked_at__isnull=False)),
        problems=Count("pk", filter=Q(state__in=["PROBLEM", "ANSWERED"])),
        answered=Count("pk", filter=Q(state="ANSWERED")),
    )
    pool = Sample.objects.filter(organ__in=organs, last_on__range=(first, last), round=1)
    concluded = pool.aggregate(number=Sum("population"))["number"] or 0
    return SamplingFigures(concluded=concluded, **counted)
