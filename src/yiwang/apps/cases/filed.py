"""The whole file of a case, as the archive keeps it: papers, materials, answers, opinions, record.

Personal data in the clear: for the operation that packs it, never for a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.cases.models import Case, CaseMaterial, MaterialStatus, ReviewStep
from yiwang.apps.cases.operations.contents import LATEST_CONTENT
from yiwang.apps.catalog.public import definition_of, form_sections
from yiwang.apps.people.public import Party
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.record.models import RecordEntry


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that was written in it. `record` are the entries with their hashes;
    `version` and `record_hash` are the head they end in."""

    case_id: int
    number: str
    short_number: str
    item_name: str
    item_version: int
    regime: str
    organ_id: int
    organ_name: str
    organ_word: str
    applicant_name: str
    applicant_label: str
    state_label: str
    is_void: bool
    received_at: datetime
    ended_at: datetime | None
    version: int
    record_hash: bytes
    papers: list[LegalDocument]
    files: list[tuple[str, Attachment]]
    materials: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    opinions: list[dict[str, Any]]
    record: list[dict[str, Any]]


def ended_file(case_id: int) -> CaseFile | None:
    """The file of a case, whether it has ended or not (`ended_at` says); None where there is none.
    Seven statements."""
    case = (
        Case.objects.select_related("organ", "applicant", "item_version").filter(pk=case_id).first()
    )
    if case is None:
        return None
    definition = definition_of(case.item_version_id)
    rows = CaseMaterial.objects.filter(case=case).select_related("attachment__file").order_by("id")
    materials = list(rows)
    content = LATEST_CONTENT.first(case.pk)
    answers = (content.form or {}) if content else {}
    return CaseFile(
        case_id=case.pk,
        number=case.number,
        short_number=case.short_number,
        item_name=case.item_name,
        item_version=case.item_version.number,
        regime=definition.regime.value,
        organ_id=case.organ_id,
        organ_name=case.organ.name,
        organ_word=case.organ.document_word,
        applicant_name=case.applicant.name,
        applicant_label=case.applicant_label,
        state_label=case.state_label,
        is_void=case.state == "VOIDED",
        received_at=case.received_at,
        ended_at=case.ended_at,
        version=case.version,
        record_hash=bytes(case.record_hash),
        papers=list(
            LegalDocument.objects.filter(subject=case.subject)
            .select_related("file")
            .defer("content")
            .order_by("made_on", "ready_at", "number")
        ),
        files=[(row.name, row.attachment) for row in materials if row.attachment is not None],
        materials=[
            {
                "名称": r.name,
                "情况": MaterialStatus(r.status).label,
                "核对要点": list(r.points),
                "说明": r.note,
            }
            for r in materials
        ],
        answers=[
            {"部分": section.title, "填写": {f.label: answers.get(f.code) for f in section.fields}}
            for section in form_sections(definition)
        ],
        opinions=_opinions(case),
        record=_record(case),
    )


def _opinions(case: Case) -> list[dict[str, Any]]:
    rows = ReviewStep.objects.filter(case=case, done_at__isnull=False).order_by("done_at", "id")
    return [
        {
            "环节": row.name,
            "结论": row.conclusion,
            "意见": row.opinion,
            "办理人": row.done_by_label,
            "另一名核查人员": row.second_person,
            "时间": row.done_at.isoformat() if row.done_at else "",
        }
        for row in rows
    ]


def _record(case: Case) -> list[dict[str, Any]]:
    rows = RecordEntry.objects.filter(subject=case.subject).order_by("seq")
    return [
        {
            "序号": row.seq,
            "操作": row.operation,
            "经手": row.actor,
            "时间": row.at.isoformat(),
            "事实": row.facts,
            "摘要": row.digests,
            "前一条": bytes(row.previous).hex(),
            "本条": bytes(row.hash).hex(),
        }
        for row in rows
    ]


def applicant_of(case_id: int) -> Party:
    """Who applied. Raises Case.DoesNotExist."""
    return Case.objects.select_related("applicant").get(pk=case_id).applicant
