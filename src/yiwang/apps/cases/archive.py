"""The material archive: what an applicant handed in before, and what may be used again.

Judged by party id, never by name. Nothing is copied into an archive of its own: it is the materials
of earlier cases, read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from yiwang.apps.cases.domain.grades import (
    ORIGINAL_SEEN,
    TrustGrade,
    grade_for_reuse,
    needs_original,
)
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.domain.parameters import REUSE_DAYS
from yiwang.apps.cases.models import Case, CaseChannel, CaseMaterial, Draft, MaterialStatus
from yiwang.apps.cases.seeing import is_on_their_side
from yiwang.apps.catalog.public import AcceptancePoint, Definition, MaterialDefinition
from yiwang.apps.people.public import is_agent_today, stands_today
from yiwang.foundation.access import Actor
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import civil_date

NEWEST = 200  # earlier materials looked through for one draft
SEEN_POINT = AcceptancePoint(
    code=ORIGINAL_SEEN, text="再次使用的复印件或照片:已与申请人出示的原件核对一致"
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A material that may be used again, and how far it can be trusted."""

    row: CaseMaterial
    grade: TrustGrade

    @property
    def case(self) -> Case:
        return self.row.case


def reuse_days(at: datetime) -> int:
    """How old a material may be to be offered again; 0: nothing is offered."""
    return parameter(REUSE_DAYS, on=civil_date(at)).value


def asks_original(material: MaterialDefinition) -> bool:
    """True where the item wants the original itself, or a copy held against it."""
    return material.form in ("ORIGINAL", "ORIGINAL_CHECKED")


def points_of(material: MaterialDefinition, row: CaseMaterial) -> tuple[AcceptancePoint, ...]:
    """What a clerk ticks: the item's points, and 核对原件 for an unchecked copy used again."""
    is_due = needs_original(
        row.grade, is_reused=row.reused_from is not None, asks_original=asks_original(material)
    )
    return (*material.points, SEEN_POINT) if is_due else material.points


def earlier_materials(
    draft: Draft, definition: Definition, *, actor: Actor, at: datetime
) -> dict[str, Earlier]:
    """Material code of the draft → the latest earlier one of the same applicant; two statements.

    The same name, or the same code of the same item; a real stored file that nobody objected to;
    of a case that was not voided and that this side may see.
    """
    days = reuse_days(at)
    wanted = [m for m in definition.materials if m.source != "FORM" and m.is_reusable]
    if not days or not wanted or not _may_be_offered(draft, at):
        return {}
    rows = (
        CaseMaterial.objects.filter(
            Q(name__in=[m.name for m in wanted]) | Q(case__item_code=draft.item_code),
            case__applicant_id=draft.applicant_id,
            case__received_at__gte=at - timedelta(days=days),
            status=MaterialStatus.PROVIDED,
            problem="",
            attachment__removed_at__isnull=True,
            attachment__isnull=False,
        )
        .exclude(case__state=CaseState.VOIDED.value)
        .select_related("case__organ", "attachment__file")
        .order_by("-case_id", "id")[:NEWEST]
    )
    is_window = draft.channel == CaseChannel.WINDOW
    seen = [row for row in rows if is_window or is_on_their_side(actor, row.case)]
    found = {m.code: _first(m, seen, draft.item_code) for m in wanted}
    return {code: Earlier(row, _grade(row)) for code, row in found.items() if row}


def _first(
    material: MaterialDefinition, rows: list[CaseMaterial], item_code: str
) -> CaseMaterial | None:
    """The latest with the same standard name, or of the same item with the same code."""
    return next(
        (
            row
            for row in rows
            if row.name == material.name
            or (row.case.item_code == item_code and row.code == material.code)
        ),
        None,
    )


def _may_be_offered(draft: Draft, at: datetime) -> bool:
    """At a window somebody who comes for another is offered that one's papers only with a right
    of today; online each earlier case is asked by itself."""
    if draft.channel != CaseChannel.WINDOW or draft.filed_by_id is None:
        return True
    return stands_today(draft.filed_by_id, draft.applicant_id, at=at) or is_agent_today(
        draft.filed_by_id, draft.applicant_id, draft.item_code, at=at
    )


def _grade(row: CaseMaterial) -> TrustGrade:
    """What it counts as now. It was checked where its case was accepted."""
    if ORIGINAL_SEEN in row.points:
        return TrustGrade.B
    return TrustGrade(grade_for_reuse(row.grade, is_checked=row.case.accepted_at is not None))


def materials_of(cases: list[int]) -> dict[int, list[CaseMaterial]]:
    """Case id → its materials with a stored file, in the order they were asked; one statement."""
    found: dict[int, list[CaseMaterial]] = {pk: [] for pk in cases}
    rows = CaseMaterial.objects.filter(
        case_id__in=cases, attachment__isnull=False, attachment__removed_at__isnull=True
    )
    for row in rows.select_related("attachment__file").order_by("id"):
        found[row.case_id].append(row)
    return found
