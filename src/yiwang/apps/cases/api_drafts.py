"""Drafts by API: begin (once per key), fill in, put files to it, hand in."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja import Form, Router
from ninja.files import UploadedFile
from ninja.params import functions as parameter

from yiwang.apps.cases import permissions
from yiwang.apps.cases.api_bodies import AtWindow, Commitment, Identity, SaveDraft, StartDraft
from yiwang.apps.cases.api_schemas import CaseBrief, DraftBrief, DraftWhole
from yiwang.apps.cases.api_telling import brief
from yiwang.apps.cases.api_telling_drafts import draft_brief, draft_whole
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import CaseChannel, Draft
from yiwang.apps.cases.operations import desk, drafts, filing
from yiwang.apps.cases.pages.applying import application, beginning_of
from yiwang.apps.cases.pages.fields import prefill
from yiwang.apps.cases.queries import own_drafts
from yiwang.apps.catalog.public import CurrentVersion, current_version
from yiwang.apps.people.public import Party, Shown, identify
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import Code
from yiwang.foundation.api.declaring import endpoint
from yiwang.foundation.api.parsing import content_of, only
from yiwang.foundation.api.problem import ProblemError
from yiwang.foundation.shell.entrance import entrance_of
from yiwang.kernel.moment import civil_date

router = Router(tags=["草稿"])
KEY: Any = parameter.Header(
    None,
    alias="Idempotency-Key",
    description="您生成的 UUID,即草稿的编号;重复提交返回同一份草稿",
)
UPLOAD: Any = parameter.File(..., description="PDF、JPG、PNG、HEIC 或 TIFF,最大 20 MB")


@endpoint(
    router,
    "GET",
    "/my/drafts",
    answers=list[DraftBrief],
    summary="我的草稿",
)
def my_drafts(request: HttpRequest) -> list[DraftBrief]:
    """The caller's own, last saved first; a window clerk's are those of the counter."""
    actor, _ = caller(request)
    return [draft_brief(draft) for draft in own_drafts(actor=actor)]


@endpoint(
    router,
    "POST",
    "/drafts",
    answers=DraftBrief,
    summary="开始申请",
    also=(404, 409),
    status=201,
)
def start_draft(
    request: HttpRequest, body: StartDraft, idempotency_key: uuid.UUID | None = KEY
) -> DraftBrief:
    """Begin an application, filled with what the city knows of the applicant already."""
    actor, at = caller(request)
    return draft_brief(
        _begun(body, idempotency_key, actor) or _begin(body, idempotency_key, actor, at)
    )


def _begun(body: StartDraft, key: uuid.UUID | None, actor: Actor) -> Draft | None:
    return drafts.begun(key, item=body.item, actor=actor) if key is not None else None


def _begin(body: StartDraft, key: uuid.UUID | None, actor: Actor, at: datetime) -> Draft:
    try:
        with transaction.atomic():
            return _start(body, key, actor, at)
    except IntegrityError:
        # Somebody was quicker with the same key: most likely the caller's own second try.
        found = _begun(body, key, actor)
        if found is None:
            raise
        return found


def _start(body: StartDraft, key: uuid.UUID | None, actor: Actor, at: datetime) -> Draft:
    version = current_version(body.item, today=civil_date(at))
    if version is None:
        raise ProblemError("not-found", "没有这个事项,或它现在没有生效的版本。")
    if body.at_window is not None:
        return _start_at_window(body.at_window, version, key, actor, at)
    return _start_online(body, version, key, actor, at)


def _start_online(
    body: StartDraft,
    version: CurrentVersion,
    key: uuid.UUID | None,
    actor: Actor,
    at: datetime,
) -> Draft:
    if actor.party_id is None:
        raise AccessDeniedError("网上申请请用个人账号登录;在窗口收件请填写 at_window。")
    if not version.definition.online:
        raise ProblemError("not-now", "这个事项不能网上申请,请到窗口办理。")
    found = beginning_of(version, actor=actor)
    wanted = body.applicant_id or actor.party_id
    applicant = next((party for party in found.applicants if party.pk == wanted), None)
    hall = next((hall for hall in found.halls if hall.slug == body.hall), None)
    problems = {}
    if applicant is None:
        problems["applicant_id"] = found.why_nobody or "请填写您本人或您代表的单位。"
    if hall is None:
        problems["hall"] = "这个大厅不收这个事项,请从 /halls 里另选。"
    if applicant is None or hall is None:
        raise InvalidInputError(problems)
    return drafts.start_draft(
        version=version,
        applicant=applicant,
        hall=hall,
        channel=CaseChannel.ONLINE,
        actor=actor,
        at=at,
        form=found.form_for(applicant),
        filed_by=found.filer_for(applicant),
        draft_id=key,
    )


def _start_at_window(
    who: AtWindow,
    version: CurrentVersion,
    key: uuid.UUID | None,
    actor: Actor,
    at: datetime,
) -> Draft:
    actor.require(permissions.RECEIVE)
    applicant = _identified(who.applicant, actor, at)
    filer = _identified(who.filer, actor, at) if who.filer else None
    return desk.start_at_window(
        version=version,
        applicant=applicant,
        filer=filer,
        form=prefill(version.definition, applicant=applicant, person=filer),
        actor=actor,
        at=at,
        draft_id=key,
        hand_to=who.hand_to or "",
    )


def _identified(identity: Identity, actor: Actor, at: datetime) -> Party:
    shown = Shown(
        identity.paper_kind, identity.number, identity.name, identity.phone, identity.kind
    )
    return identify(shown, actor=actor, at=at)


@endpoint(router, "GET", "/drafts/{draft_id}", answers=DraftWhole, summary="草稿全貌", also=(404,))
def read_draft(request: HttpRequest, draft_id: uuid.UUID) -> DraftWhole:
    """What is filled in, and everything that is still missing, at once."""
    actor, at = caller(request)
    return draft_whole(application(draft_id, actor=actor, at=at))


@endpoint(
    router, "PATCH", "/drafts/{draft_id}", answers=DraftBrief, summary="保存草稿", also=(404, 409)
)
def save_draft(request: HttpRequest, draft_id: uuid.UUID, body: SaveDraft) -> DraftBrief:
    """Keep answers, whole or not; nothing is checked here."""
    actor, at = caller(request)
    draft = drafts.save_draft(
        draft_id=draft_id,
        form=body.form,
        paper=body.paper,
        handed_back=body.handed_back,
        version=body.version,
        actor=actor,
        at=at,
    )
    return draft_brief(draft)


@endpoint(
    router,
    "DELETE",
    "/drafts/{draft_id}",
    answers=None,
    summary="丢弃草稿",
    also=(404,),
    status=204,
)
def discard_draft(request: HttpRequest, draft_id: uuid.UUID) -> None:
    actor, at = caller(request)
    drafts.discard_draft(draft_id=draft_id, actor=actor, at=at)


@endpoint(
    router,
    "POST",
    "/drafts/{draft_id}/files",
    answers=DraftBrief,
    summary="上传材料",
    also=(404,),
    status=201,
)
def add_file(
    request: HttpRequest,
    draft_id: uuid.UUID,
    material: Form[Code],
    file: UploadedFile = UPLOAD,
) -> DraftBrief:
    """Put a file to a material; one there before is replaced."""
    only(request, "material", "file")
    actor, at = caller(request)
    drafts.add_file(
        draft_id=draft_id,
        code=material,
        name=file.name or "文件",
        content=content_of(file),
        actor=actor,
        at=at,
    )
    return draft_brief(drafts.own_draft(draft_id, actor=actor))


@endpoint(
    router,
    "DELETE",
    "/drafts/{draft_id}/files/{code}",
    answers=None,
    summary="移除材料文件",
    also=(404,),
    status=204,
)
def remove_file(request: HttpRequest, draft_id: uuid.UUID, code: Code) -> None:
    actor, at = caller(request)
    drafts.remove_file(draft_id=draft_id, code=code, actor=actor, at=at)


@endpoint(
    router,
    "POST",
    "/drafts/{draft_id}/commitment",
    answers=DraftBrief,
    summary="选择告知承诺",
    also=(404,),
)
def choose_commitment(request: HttpRequest, draft_id: uuid.UUID, body: Commitment) -> DraftBrief:
    """One that the item offers, or none for the ordinary way."""
    actor, at = caller(request)
    code = body.code or ""
    return draft_brief(drafts.choose_commitment(draft_id=draft_id, code=code, actor=actor, at=at))


@endpoint(
    router,
    "POST",
    "/drafts/{draft_id}/submit",
    answers=CaseBrief,
    summary="提交申请",
    also=(404, 409),
)
def submit(request: HttpRequest, draft_id: uuid.UUID) -> CaseBrief:
    """Hand in; a second time gives the same case. What is missing comes all at once (422)."""
    actor, at = caller(request)
    return brief(
        filing.submit(draft_id=draft_id, actor=actor, at=at, entrance=entrance_of(request))
    )
