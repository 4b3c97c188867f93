"""The materials of a case as it is handed in: where each comes from and how far it is trusted."""

from __future__ import annotations

import uuid
from typing import Any

from yiwang.apps.cases.domain.grades import grade_of
from yiwang.apps.cases.models import (
    Case,
    CaseChannel,
    CaseMaterial,
    Draft,
    MaterialStatus,
    OriginalCheck,
)
from yiwang.apps.cases.operations.holdings import Holdings, origin_of
from yiwang.apps.cases.operations.reusing import reused_fields
from yiwang.apps.catalog.public import Definition, MaterialDefinition


def materials_of(
    case: Case, draft: Draft, definition: Definition, holdings: Holdings
) -> list[CaseMaterial]:
    return [
        CaseMaterial(
            case=case,
            code=material.code,
            name=material.name,
            required=material.required,
            is_handed_back=material.code in draft.handed_back and material.code in draft.files,
            **_material_state(
                material.code, material.source, draft, holdings, _replaced(draft, definition)
            ),
            **_original_due(draft, material),
        )
        for material in definition.materials_for(draft.form)
    ]


def _original_due(draft: Draft, material: MaterialDefinition) -> dict[str, str]:
    """先审后验: of a copy that came online the original is still to be seen."""
    is_copy = draft.channel == CaseChannel.ONLINE and material.code in draft.files
    return {"original": OriginalCheck.DUE} if is_copy and material.is_checked_later else {}


def _replaced(draft: Draft, definition: Definition) -> tuple[str, ...]:
    """Codes of the materials that the chosen commitment stands for."""
    found = definition.commitment(draft.commitment) if draft.commitment else None
    return found.replaces if found else ()


def _material_state(
    code: str, source: str, draft: Draft, holdings: Holdings, replaced: tuple[str, ...]
) -> dict[str, Any]:
    found = _evidence_of(code, source, draft, holdings, replaced)
    by_staff = draft.channel == CaseChannel.WINDOW
    grade = grade_of(found["status"], has_file="attachment_id" in found, by_staff=by_staff)
    return {"grade": grade, **found}


def _evidence_of(
    code: str, source: str, draft: Draft, holdings: Holdings, replaced: tuple[str, ...]
) -> dict[str, Any]:
    if code in draft.files:
        key = draft.files[code]
        return {
            "status": MaterialStatus.PROVIDED,
            "attachment_id": uuid.UUID(key),
            **reused_fields(draft, code),
        }
    if found := holdings.held.get(code):
        note = origin_of(found)
        return {"status": MaterialStatus.HELD, "certificate_id": found.pk, "note": note}
    if code in replaced:
        return {"status": MaterialStatus.PROMISED, "note": "以告知承诺代替"}
    if code in draft.paper:
        return {"status": MaterialStatus.PAPER}
    if silent := holdings.unanswered.get(code):
        note = f"{silent.source}暂时查不到,恢复后由平台核对"
        return {"status": MaterialStatus.UNCERTAIN, "note": note}
    if source == "FORM":
        return {"status": MaterialStatus.PROVIDED, "note": "由本次填写的表单生成"}
    return {"status": MaterialStatus.MISSING}


def evidence(material: CaseMaterial) -> str:
    if material.attachment_id:
        return f"file:{material.attachment_id}"
    if material.certificate_id:
        return f"certificate:{material.certificate_id}"
    return str(material.status)


def reused_from(materials: list[CaseMaterial]) -> dict[str, int]:
    """Material code → the earlier material whose content it is."""
    return {m.code: m.reused_from for m in materials if m.reused_from}


def handed_back_of(materials: list[CaseMaterial]) -> list[str]:
    return [m.code for m in materials if m.is_handed_back]
