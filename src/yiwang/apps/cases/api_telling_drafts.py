"""From a draft as it was read to what the API says of it."""

from __future__ import annotations

from yiwang.apps.cases.api_schemas import DraftBrief, DraftMaterial, DraftWhole
from yiwang.apps.cases.api_telling import masked_form
from yiwang.apps.cases.models import CaseChannel, Draft, MaterialStatus
from yiwang.apps.cases.pages.applying import Application
from yiwang.apps.catalog.public import MaterialDefinition


def draft_brief(draft: Draft) -> DraftBrief:
    return DraftBrief(
        id=draft.pk,
        version=draft.version,
        item_code=draft.item_code,
        item_name=draft.item_name,
        applicant=draft.applicant.label,
        channel=draft.channel,
        saved_at=draft.saved_at,
    )


def draft_whole(found: Application) -> DraftWhole:
    draft = found.draft
    is_masked = draft.channel == CaseChannel.WINDOW
    return DraftWhole(
        draft=draft_brief(draft),
        hall=draft.hall.name,
        is_masked=is_masked,
        form=masked_form(found.definition, draft.form) if is_masked else draft.form,
        materials=[
            _material(found, material) for material in found.definition.materials_for(draft.form)
        ],
        commitment=draft.commitment,
        missing=found.problems,
    )


def _replaced(found: Application) -> tuple[str, ...]:
    chosen = found.definition.commitment(found.draft.commitment)
    return chosen.replaces if chosen else ()


def _material(found: Application, material: MaterialDefinition) -> DraftMaterial:
    held = found.holdings.held.get(material.code)
    file = found.files.get(material.code)
    status, note = MaterialStatus.MISSING, ""
    if file is not None:
        status, note = MaterialStatus.PROVIDED, file.name
    elif held is not None:
        status, note = MaterialStatus.HELD, f"{held.source}:{held.name} {held.number}"
    elif material.code in _replaced(found):
        status, note = MaterialStatus.PROMISED, "以告知承诺代替"
    elif material.code in found.draft.paper:
        status = MaterialStatus.PAPER
    elif silent := found.holdings.unanswered.get(material.code):
        status, note = MaterialStatus.UNCERTAIN, f"{silent.source}暂时查不到,可以先不交"
    elif material.source == "FORM":
        status, note = MaterialStatus.PROVIDED, "由本次填写的表单生成"
    return DraftMaterial(
        code=material.code,
        name=material.name,
        required=material.required,
        status=status.value,
        status_label=status.label,
        note=note,
        file_id=file.pk if file is not None else None,
    )
