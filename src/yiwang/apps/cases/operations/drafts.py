"""Drafts: what an applicant or a clerk has filled in and not handed in yet."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases import permissions
from yiwang.apps.cases.errors import CaseNotFoundError, ConflictError, InvalidInputError
from yiwang.apps.cases.models import Case, CaseChannel, Draft, GreenChannel
from yiwang.apps.cases.operations.holdings import Holdings
from yiwang.apps.catalog.public import CurrentVersion, Definition, check_form, definition_of
from yiwang.apps.people.public import (
    NOT_OFFERED,
    Hall,
    MandateAct,
    Party,
    is_unrepaired,
    note_use,
)
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.files.storing import attach

NOT_FOR_YOU = "您的情形不适用告知承诺,请按一般程序办理。"


@transaction.atomic
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
    taken_in_window_id: int | None = None,
) -> Draft:
    """Begin an application. A citizen for themselves, for whom they represent or whose agent they
    are for this item; a clerk for anybody.

    `draft_id` is the caller's own, so that a repeated call can be recognised (see `begun`);
    `taken_in_window_id` the window that takes it in for `hall` (代收).
    """
    if channel == CaseChannel.WINDOW:
        actor.require(permissions.RECEIVE)
    elif actor.party_id is None:
        raise AccessDeniedError("请先登录,再在网上申请。")
    elif not actor.may_act_as(applicant.pk, version.definition.code, MandateAct.APPLY):
        raise AccessDeniedError(
            "网上申请只能为您本人、您代表的单位,或委托您办这个事项的人提出。"
            "请对方在「授权委托」里委托您,或带委托书到窗口。"
        )
    draft = Draft.objects.create(
        id=draft_id or uuid.uuid4(),
        item_version_id=version.version_id,
        item_code=version.definition.code,
        item_name=version.definition.name,
        applicant=applicant,
        filed_by=filed_by,
        owner=actor.ref,
        hall=hall,
        taken_in_window_id=taken_in_window_id,
        channel=channel,
        form=form or {},
        created_at=at,
        saved_at=at,
    )
    if channel == CaseChannel.ONLINE:
        note_agent(draft, "开始填写申请", actor=actor, at=at)
    return draft


def note_agent(draft: Draft, what: str, *, actor: Actor, at: datetime, subject: str = "") -> bool:
    """Note what an agent does with a draft; False where it is the applicant's own side.

    Raises AccessDeniedError where the authorisation was taken back a moment ago.
    """
    if actor.acts_for(draft.applicant_id):
        return False
    note_use(
        principal_id=draft.applicant_id,
        item_code=draft.item_code,
        act=MandateAct.APPLY,
        what=f"{what}:{draft.item_name}",
        subject=subject or draft.subject,
        actor=actor,
        at=at,
    )
    return True


def may_use(draft: Draft, actor: Actor) -> bool:
    """A clerk's own; online, whoever stands for the applicant, and the agent who began it for as
    long as they are authorised: a draft belongs to the applicant, not to who typed it."""
    if draft.channel == CaseChannel.WINDOW:
        return draft.owner == actor.ref
    return actor.acts_for(draft.applicant_id) or (
        draft.owner == actor.ref
        and actor.may_act_as(draft.applicant_id, draft.item_code, MandateAct.APPLY)
    )


def begun(draft_id: uuid.UUID, *, item: str, actor: Actor) -> Draft | None:
    """The draft that an earlier call with this id began, or None.

    Raises ConflictError where the id is used already: by somebody else, for another item, or for
    a draft that was handed in since.
    """
    draft = Draft.objects.select_related("applicant", "hall").filter(pk=draft_id).first()
    if draft is not None and may_use(draft, actor) and draft.item_code == item:
        return draft
    if draft is not None or Case.objects.filter(filing_key=draft_id).exists():
        raise ConflictError("用于另一次申请")
    return None


def own_draft(draft_id: uuid.UUID, *, actor: Actor) -> Draft:
    """A draft the actor may work on, or CaseNotFoundError: others do not exist for them."""
    draft = (
        Draft.objects.select_related("applicant", "hall__area", "filed_by")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None or not may_use(draft, actor):
        raise CaseNotFoundError
    return draft


def version_of_draft(draft_id: uuid.UUID, *, actor: Actor) -> int | None:
    """The item version the actor's draft is for; None for one that is handed in or not theirs."""
    draft = Draft.objects.defer("form").filter(pk=draft_id).first()
    return draft.item_version_id if draft is not None and may_use(draft, actor) else None


@transaction.atomic
def save_draft(
    *,
    draft_id: uuid.UUID,
    form: dict[str, Any],
    actor: Actor,
    at: datetime,
    paper: list[str] | None = None,
    handed_back: list[str] | None = None,
    version: int | None = None,
) -> Draft:
    """Keep what was typed, whole or not; nothing is checked here. None takes an answer away.

    `paper` stays with the window; `handed_back` was scanned and given back at once.

    With `version`, raises ConflictError where the draft was saved elsewhere since.
    """
    if version is not None:
        Draft.objects.select_for_update().filter(pk=draft_id).first()
    draft = own_draft(draft_id, actor=actor)
    if version is not None and version != draft.version:
        raise ConflictError("保存草稿", draft.saved_at)
    draft.form = {k: v for k, v in {**draft.form, **form}.items() if v is not None}
    if paper is not None:
        draft.paper = sorted(set(paper))
    if handed_back is not None:
        draft.handed_back = sorted(set(handed_back))
    draft.saved_at, draft.version = at, draft.version + 1
    draft.save(update_fields=["form", "paper", "handed_back", "saved_at", "version"])
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
        definition = definition_of(draft.item_version_id)
        found = definition.commitment(code)
        if found is None:
            raise InvalidInputError({"commitment": "这个事项没有这种告知承诺。"})
        if found not in definition.commitments_for(draft.form):
            raise InvalidInputError({"commitment": "按您填写的情况,没有要用承诺代替的材料。"})
        if is_unrepaired(draft.applicant_id):
            raise InvalidInputError({"commitment": NOT_OFFERED})
        if any(one.holds(draft.form) for one in found.excluded):
            raise InvalidInputError({"commitment": found.excluded_note or NOT_FOR_YOU})
    draft.commitment, draft.saved_at = code, at
    draft.save(update_fields=["commitment", "saved_at"])
    return draft


@transaction.atomic
def mark_special(
    *,
    draft_id: uuid.UUID,
    is_helped: bool,
    helped: str,
    green_channel: str,
    green_reason: str,
    actor: Actor,
    at: datetime,
) -> Draft:
    """帮办代办 and 绿色通道 at the window: kept as typed, checked when it is taken in."""
    actor.require(permissions.RECEIVE)
    draft = own_draft(draft_id, actor=actor)
    draft.is_helped, draft.helped = is_helped, helped.strip()[:200]
    draft.green_channel = green_channel if green_channel in GreenChannel.values else ""
    draft.green_reason, draft.saved_at = green_reason.strip()[:200], at
    draft.save(update_fields=["is_helped", "helped", "green_channel", "green_reason", "saved_at"])
    return draft


def _unexplained(draft: Draft) -> dict[str, str]:
    """Help and priority need their reason: who asked and how they were known, and why first."""
    found = {}
    if draft.is_helped and len(draft.helped) < 4:
        found["helped"] = "请写明谁请求帮办、怎样核实身份,例如:本人到场,核对身份证原件。"
    if draft.green_channel and len(draft.green_reason) < 2:
        found["green_reason"] = "请写明优先的理由,例如:82 岁,出示身份证。"
    return found


def scan_first(name: str) -> str:
    """What goes back to the applicant is there as a scan before."""
    return f"请先扫描上传「{name}」,再把原件退还申请人。"


def no_paper(name: str) -> str:
    """What a clerk does with a paper of an item that keeps none."""
    return f"本事项不收纸质材料。申请人带的「{name}」请当场扫描上传,原件马上退还。"


def _papers_in_hand(draft: Draft, definition: Definition) -> dict[str, str]:
    """无纸化: no paper is kept; and what was given back is there as a scan."""
    found = {}
    for material in definition.materials:
        code, name = material.code, material.name
        if definition.is_paperless and code in draft.paper:
            found[f"material-{code}"] = no_paper(name)
        elif code in draft.handed_back and code not in draft.files:
            found[f"material-{code}"] = scan_first(name)
    return found


@transaction.atomic
def remove_file(*, draft_id: uuid.UUID, code: str, actor: Actor, at: datetime) -> None:
    draft = own_draft(draft_id, actor=actor)
    files = dict(draft.files)
    if files.pop(code, None):
        draft.files, draft.saved_at = files, at
        draft.save(update_fields=["files", "saved_at"])


@transaction.atomic
def discard_draft(*, draft_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    """Delete it; an agent's doing so is told to the principal."""
    draft = own_draft(draft_id, actor=actor)
    if draft.channel == CaseChannel.ONLINE:
        note_agent(draft, "删除了没交的草稿", actor=actor, at=at)
    draft.delete()


def missing_parts(draft: Draft, definition: Definition, holdings: Holdings) -> dict[str, str]:
    """What the applicant still has to do before handing in; field or material code → what.

    What a silent source would know need not be there: it is looked up when it answers again.

    At a window nothing is required to be there: what is missing leads to a correction notice, not
    to a refusal at the counter. Only what was typed wrongly is mended on the spot.
    """
    problems = {p.field: p.message for p in check_form(definition, draft.form)}
    if draft.channel == CaseChannel.WINDOW:
        typed = {field: text for field, text in problems.items() if field in draft.form}
        return typed | _unexplained(draft) | _papers_in_hand(draft, definition)
    commitment = definition.commitment(draft.commitment) if draft.commitment else None
    replaced = commitment.replaces if commitment else ()
    if commitment and any(one.holds(draft.form) for one in commitment.excluded):
        problems["commitment"] = commitment.excluded_note or NOT_FOR_YOU
    for material in definition.materials_for(draft.form):
        has = material.code in {*draft.files, *holdings.held, *holdings.unanswered, *replaced}
        if material.required and not has and material.source != "FORM":
            problems[f"material-{material.code}"] = f"请上传「{material.name}」。"
    return problems
