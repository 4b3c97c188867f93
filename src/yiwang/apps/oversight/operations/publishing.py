"""Decisions on permits made open to the public, within seven working days, and marked when they
count no longer."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q

from yiwang.apps.cases.public import decided_case, latest_decisions
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.certificates.public import certificate_of_case
from yiwang.apps.oversight.domain.publicity import WITHIN, YEARS, ends_on, public_holder
from yiwang.apps.oversight.models import Publication
from yiwang.apps.people.public import Party
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.record.writing import append
from yiwang.foundation.search.queries import index
from yiwang.kernel.clock import deadline
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date

SEARCHED = "decision"
PERMIT = "PERMIT"


def years_shown() -> int:
    """How long a decision is shown; the city's own rule may differ (YIWANG_PUBLICATION_YEARS)."""
    text = os.environ.get("YIWANG_PUBLICATION_YEARS", "")
    return int(text) if text.isdecimal() and 1 <= int(text) <= 99 else YEARS


@transaction.atomic
def enter(*, case_id: int, at: datetime) -> Publication | None:
    """The row of a decision on a permit, not yet published; None for other regimes and where it
    stands already."""
    case = decided_case(case_id)
    if case is None or definition_of(case.item_version_id).regime.value != PERMIT:
        return None
    if Publication.objects.filter(case_id=case_id).exists():
        return None
    party = Party.objects.get(pk=case.applicant_id)
    holder = public_holder(
        is_natural=party.is_natural,
        name=party.name,
        uscc=party.paper_number if party.paper_kind == PaperKind.USCC else "",
    )
    decided_on = civil_date(case.decided_at)
    certificate = certificate_of_case(case.subject)
    due_at = deadline(case.decided_at, WITHIN, calendar()).due_at
    assert due_at is not None
    try:
        with transaction.atomic():
            return Publication.objects.create(
                case_id=case_id,
                item_code=case.item_code,
                item_name=case.item_name,
                organ_id=case.organ_id,
                number=case.number,
                outcome=case.outcome,
                word=case.word,
                holder_label=holder.label[:200],
                holder_uscc=holder.uscc,
                is_natural=holder.is_natural,
                decided_on=decided_on,
                month=f"{decided_on:%Y-%m}",
                valid_until=certificate.valid_until if certificate else None,
                due_at=due_at,
                ends_on=ends_on(decided_on, years_shown()),
            )
    except IntegrityError:  # somebody else entered it in the same instant
        return None


@transaction.atomic
def publish_one(publication_id: int, *, at: datetime) -> bool:
    """Publish one that waits; False where somebody else did."""
    row = (
        Publication.objects.select_for_update()
        .filter(pk=publication_id, published_at__isnull=True)
        .first()
    )
    if row is None:
        return False
    row.published_at = at
    row.save(update_fields=["published_at"])
    text = row.number if row.is_natural else f"{row.holder_label} {row.holder_uscc} {row.number}"
    index(kind=SEARCHED, key=str(row.pk), title=row.number, text=text)
    append(
        subject=row.subject,
        operation="oversight.publish",
        actor="system:publication",
        at=at,
        facts={"case": row.case_id, "until": row.ends_on.isoformat()},
    )
    return True


def publish_waiting(*, at: datetime, most: int = 500) -> int:
    """Everything that waits, oldest first; returns how many were published."""
    keys = Publication.objects.filter(published_at__isnull=True).order_by("id")
    return sum(publish_one(key, at=at) for key in list(keys.values_list("pk", flat=True)[:most]))


def find_missed(*, at: datetime) -> int:
    """Decisions whose event never came: entered late rather than not at all."""
    recent = latest_decisions()
    known = set(Publication.objects.filter(case_id__in=recent).values_list("case_id", flat=True))
    return sum(enter(case_id=key, at=at) is not None for key in recent if key not in known)


@transaction.atomic
def withdraw_of_case(*, case_id: int, reason: str, at: datetime) -> bool:
    """The decision counts no longer: marked with its day, and still there to be read."""
    row = (
        Publication.objects.select_for_update()
        .filter(case_id=case_id, withdrawn_on__isnull=True)
        .first()
    )
    if row is None:
        return False
    row.withdrawn_on, row.withdrawn_reason = civil_date(at), reason[:200]
    row.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    append(
        subject=row.subject,
        operation="oversight.withdraw_publication",
        actor="system:publication",
        at=at,
        facts={"case": row.case_id, "reason": reason[:200]},
    )
    return True


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How many decisions were published within seven working days, of how many."""

    in_time: int
    decisions: int

    @property
    def rate(self) -> str:
        """A percentage with two decimals; — where nothing was decided."""
        return f"{self.in_time / self.decisions * 100:.2f}%" if self.decisions else "—"


def punctuality(first: date, last: date, *, organ_id: int | None = None) -> Punctuality:
    """Of the decisions of these days, those that wait included; one statement."""
    months = [f"{first:%Y-%m}"]
    day = first
    while (day.year, day.month) < (last.year, last.month):
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        months.append(f"{day:%Y-%m}")
    rows = Publication.objects.filter(month__in=months, decided_on__gte=first, decided_on__lte=last)
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    found = rows.aggregate(
        decisions=Count("pk"), in_time=Count("pk", filter=Q(published_at__lt=F("due_at")))
    )
    return Punctuality(found["in_time"], found["decisions"])
