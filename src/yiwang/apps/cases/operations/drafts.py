"""Drafts: what an applicant or a clerk has filled in and not handed in yet."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases import permissions
from yiwang.apps.cases.errors import CaseNotFoundError, ConflictError, InvalidInputError
from yiwang.apps.cases.models import Case, CaseChannel, Draft
from yiwang.apps.catalog.public import CurrentVersion, Definition, check_form, definition_of
from yiwang.apps.certificates.public import Certificate, held_certificates
from yiwang.apps.people.public import Hall, Party
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.files.storing import attach
from yiwang.kernel.moment import civil_date

NOT_FOR_YOU = "您的情形不适用告知承诺,请按一般程序办理。"


def start_draft(
    *,
    version: CurrentVersion,
    applicant: Party,
    hall: Hall,
    channel: str,
    actor: Actor,
    at: datetime,
    form: dict[str, Any] | None = None,
    filed_by: Party | None = None,
    draft_id: uuid.UUID | None = None,
) -> Draft:
    """Begin an application. A citizen for themselves or one they represent, a clerk for anybody.

    `draft_id` is the caller's own, so that a repeated call can be recognised (see `begun`).
    """
    if channel == CaseChannel.WINDOW:
        actor.require(permissions.RECEIVE)
    elif actor.party_id is None:
        raise AccessDeniedError("请先登录,再在网上申请。")
    elif not actor.acts_for(applicant.pk):
        raise AccessDeniedError(
            "网上申请只能为您本人或您代表的单位提出;替别人办,请带委托书到窗口。"
        )
    return Draft.objects.create(
        id=draft_id or uuid.uuid4(),
        item_version_id=version.version_id,
        item_code=version.definition.code,
        item_name=version.definition.name,
        applicant=applicant,
        filed_by=filed_by,
        owner=actor.ref,
        hall=hall,
        channel=channel,
        form=form or {},
        created_at=at,
        saved_at=at,
    )


def begun(draft_id: uuid.UUID, *, item: str, actor: Actor) -> Draft | None:
    """The draft that an earlier call with this id began, or None.

    Raises ConflictError where the id is used already: by somebody else, for another item, or for
    a draft that was handed in since.
    """
    draft = Draft.objects.select_related("applicant", "hall").filter(pk=draft_id).first()
    if draft is not None and draft.owner == actor.ref and draft.item_code == item:
        return draft
    if draft is not None or Case.objects.filter(filing_key=draft_id).exists():
        raise ConflictError("用于另一次申请")
    return None


def own_draft(draft_id: uuid.UUID, *, actor: Actor) -> Draft:
    """The actor's own draft, or CaseNotFoundError: somebody else's does not exist for them."""
    draft = (
        Draft.objects.select_related("applicant", "hall__area", "filed_by")
        .filter(pk=draft_id, owner=actor.ref)
        .first()
    )
    if draft is None:
        raise CaseNotFoundError
    return draft


def version_of_draft(draft_id: uuid.UUID, *, actor: Actor) -> int | None:
    """The item version the actor's draft is for; None for one that is handed in or not theirs."""
    found = Draft.objects.filter(pk=draft_id, owner=actor.ref)
    return found.values_list("item_version_id", flat=True).first()


@transaction.atomic
def save_draft(
    *,
    draft_id: uuid.UUID,
    form: dict[str, Any],
    actor: Actor,
    at: datetime,
    paper: list[str] | None = None,
    version: int | None = None,
) -> Draft:
    """Keep what was typed, whole or not; nothing is checked here. None takes an answer away.

    With `version`, raises ConflictError where the draft was saved elsewhere since.
    """
    if version is not None:
        Draft.objects.select_for_update().filter(pk=draft_id, owner=actor.ref).first()
    draft = own_draft(draft_id, actor=actor)
    if version is not None and version != draft.version:
        raise ConflictError("保存草稿", draft.saved_at)
    draft.form = {k: v for k, v in {**draft.form, **form}.items() if v is not None}
    if paper is not None:
        draft.paper = sorted(set(paper))
    draft.saved_at, draft.version = at, draft.version + 1
    draft.save(update_fields=["form", "paper", "saved_at", "version"])
    return draft


@transaction.atomic
def add_file(
    *, draft_id: uuid.UUID, code: str, name: str, content: bytes, actor: Actor, at: datetime
) -> Attachment:
    """Put a file to a material of the draft. Raises FileRefusedError, InvalidInputError."""
    draft = own_draft(draft_id, actor=actor)
    if definition_of(draft.item_version_id).material(code) is None:
        raise InvalidInputError({code: "这个事项没有这份材料。"})
    attachment = attach(
        content, name=name, subject=draft.subject, purpose=code, actor=actor.ref, at=at
    )
    draft.files = {**draft.files, code: str(attachment.pk)}
    draft.saved_at, draft.version = at, draft.version + 1
    draft.save(update_fields=["files", "saved_at", "version"])
    return attachment


@transaction.atomic
def choose_commitment(*, draft_id: uuid.UUID, code: str, actor: Actor, at: datetime) -> Draft:
    """告知承诺: choose it (its text is then part of what is handed in), or "" for the ordinary way.

    Raises InvalidInputError for one the item does not offer or that is excluded for these answers.
    """
    draft = own_draft(draft_id, actor=actor)
    if code:
        found = definition_of(draft.item_version_id).commitment(code)
        if found is None:
            raise InvalidInputError({"commitment": "这个事项没有这种告知承诺。"})
        if any(one.holds(draft.form) for one in found.excluded):
            raise InvalidInputError({"commitment": found.excluded_note or NOT_FOR_YOU})
    draft.commitment, draft.saved_at = code, at
    draft.save(update_fields=["commitment", "saved_at"])
    return draft


@transaction.atomic
def remove_file(*, draft_id: uuid.UUID, code: str, actor: Actor, at: datetime) -> None:
    draft = own_draft(draft_id, actor=actor)
    files = dict(draft.files)
    if files.pop(code, None):
        draft.files, draft.saved_at = files, at
        draft.save(update_fields=["files", "saved_at"])


def discard_draft(*, draft_id: uuid.UUID, actor: Actor) -> None:
    own_draft(draft_id, actor=actor).delete()


def missing_parts(
    draft: Draft, definition: Definition, held: dict[str, Certificate]
) -> dict[str, str]:
    """What the applicant still has to do before handing in; field or material code → what.

    At a window nothing is required to be there: what is missing leads to a correction notice, not
    to a refusal at the counter. Only what was typed wrongly is mended on the spot.
    """
    problems = {p.field: p.message for p in check_form(definition, draft.form)}
    if draft.channel == CaseChannel.WINDOW:
        return {field: text for field, text in problems.items() if field in draft.form}
    commitment = definition.commitment(draft.commitment) if draft.commitment else None
    replaced = commitment.replaces if commitment else ()
    if commitment and any(one.holds(draft.form) for one in commitment.excluded):
        problems["commitment"] = commitment.excluded_note or NOT_FOR_YOU
    for material in definition.materials_for(draft.form):
        has = material.code in draft.files or material.code in held or material.code in replaced
        if material.required and not has and material.source != "FORM":
            problems[f"material-{material.code}"] = f"请上传「{material.name}」。"
    return problems


def held_for(draft: Draft, definition: Definition, at: datetime) -> dict[str, Certificate]:
    """Material code → valid certificate the city holds of this applicant."""
    kinds = {m.code: m.licence_kind for m in definition.materials if m.licence_kind}
    found = held_certificates(
        [draft.applicant_id, *([draft.filed_by_id] if draft.filed_by_id else [])],
        sorted(set(kinds.values())),
        on=civil_date(at),
    )
    return {code: found[kind] for code, kind in kinds.items() if kind in found}
