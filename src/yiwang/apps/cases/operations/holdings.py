"""What the city holds already of an applicant, material by material: found, not found, or not
answered because its source is down. Judged per applicant, never per item.

在线政务服务若干规定 §7: what is held may not be asked for; what is not found is asked for; a source
that gives no answer sends nobody away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.catalog.public import Definition
from yiwang.apps.certificates.public import (
    Certificate,
    SourceOutage,
    held_certificates,
    unanswered,
)
from yiwang.kernel.moment import civil_date


@dataclass(frozen=True, slots=True)
class Holdings:
    """Material code → the certificate held, or the outage for which nobody knows."""

    held: Mapping[str, Certificate] = field(default_factory=dict)
    unanswered: Mapping[str, SourceOutage] = field(default_factory=dict)


def holders_of(applicant: int, filer: int | None, *, is_natural: bool) -> list[int]:
    """Of who files only for an organisation: a person's papers are never those of their agent or
    guardian."""
    return [applicant, *([filer] if filer and not is_natural else [])]


def look_up(
    definition: Definition, holders: list[int], *, on: date, codes: set[str] | None = None
) -> Holdings:
    """What is held for these materials (all of the item without `codes`). One statement; a second
    only where something was not found."""
    kinds = {
        m.code: m.licence_kind
        for m in definition.materials
        if m.licence_kind and (codes is None or m.code in codes)
    }
    found = held_certificates(holders, sorted(set(kinds.values())), on=on)
    silent = unanswered(sorted(set(kinds.values()) - found.keys()))
    return Holdings(
        {code: found[kind] for code, kind in kinds.items() if kind in found},
        {code: silent[kind] for code, kind in kinds.items() if kind in silent},
    )


def held_for(draft: Draft, definition: Definition, at: datetime) -> Holdings:
    """Of the applicant of a draft."""
    holders = holders_of(
        draft.applicant_id, draft.filed_by_id, is_natural=draft.applicant.is_natural
    )
    return look_up(definition, holders, on=civil_date(at))


def held_of_case(case: Case, definition: Definition, codes: set[str], at: datetime) -> Holdings:
    """Of the applicant of a case, today, for these materials."""
    holders = holders_of(case.applicant_id, case.filed_by_id, is_natural=not case.is_organisation)
    return look_up(definition, holders, on=civil_date(at), codes=codes)


def origin_of(found: Certificate) -> str:
    """Where a held certificate comes from, as it stands beside the material."""
    return f"{found.source}:{found.name} {found.number}"[:400]
