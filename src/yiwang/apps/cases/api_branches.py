"""Acts on the branches of a case: 容缺, 退回, 转交, 转办, 特别程序, 邮寄."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from yiwang.apps.cases.api_acts import (
    ALSO,
    CODES,
    FILES,
    PAPER,
    VERSION,
    VersionText,
    posted_files,
    visible,
)
from yiwang.apps.cases.api_bodies import Expected, Seen, WithReason
from yiwang.apps.cases.api_schemas import CaseBrief
from yiwang.apps.cases.api_telling import brief
from yiwang.apps.cases.operations import (
    deferring,
    delivering,
    forwarding,
    procedures,
    steps,
)
from yiwang.apps.people.public import account_ref
from yiwang.foundation.api.bounds import (
    NO_NUL,
    BodyId,
    Code,
    Day,
    Flag,
    Id,
    Instant,
    Line,
    Note,
    Word,
    instant,
)
from yiwang.foundation.api.declaring import endpoint
from yiwang.foundation.api.parsing import only

router = Router(tags=["办件的其他办理"])
Login = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=NO_NUL),
    Field(description="工作人员的登录名"),
]
Short = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]
PickupCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class ReturnStep(WithReason):
    step: Code


class PassOn(Seen):
    step: Code
    to: Login
    note: Line = ""


class Forward(Seen):
    receipt: Short = ""
    opinion: Note = ""


class Reported(Seen):
    status: Word
    receipt: Short = ""
    at_source: Instant | None = None


class StartProcedure(Seen):
    """`days`: the time needed, where the item does not fix it."""

    code: Code
    told: Note
    days: Expected | None = None


class RequestHearing(Seen):
    procedure_id: BodyId
    who: Word = ""


class AdvanceProcedure(Seen):
    procedure_id: BodyId
    held_on: Day
    place: Word
    presiding: Login


class EndProcedure(Seen):
    procedure_id: BodyId
    outcome: Note
    is_waived: Flag = False


class SendByPost(Seen):
    carrier: Word
    number: Short
    address: Line


class DeliverByPost(Seen):
    signed_at: Instant


class DeliverToAnother(Seen):
    code: PickupCode
    who: Word
    paper: Short


def _act(path: str, summary: str) -> Any:
    return endpoint(
        router, "POST", f"/cases/{{case_id}}/{path}", answers=CaseBrief, summary=summary, also=ALSO
    )


@_act("order-acceptance", "认定应予受理")
def order_acceptance(request: HttpRequest, case_id: Id, body: WithReason) -> CaseBrief:
    """The approver, asked by the window, rules that the case is to be accepted."""
    who = visible(request, case_id)
    return brief(deferring.order_acceptance(reason=body.reason, version=body.version, **who))


@_act("accept-with-gaps", "容缺受理")
def accept_with_gaps(request: HttpRequest, case_id: Id, body: Seen) -> CaseBrief:
    """Accept while listed materials are still to come; no grant before they are there."""
    return brief(deferring.accept_with_gaps(version=body.version, **visible(request, case_id)))


@_act("supply-gaps", "补交容缺材料")
def supply_gaps(
    request: HttpRequest,
    case_id: Id,
    version: VersionText = VERSION,
    paper: list[Code] = PAPER,
    material: list[Code] = CODES,
    file: list[UploadedFile] = FILES,
) -> CaseBrief:
    """What was promised comes in, from the applicant or at a window."""
    only(request, "version", "paper", "material", "file")
    return brief(
        deferring.supply_gaps(
            files=posted_files(material, file),
            paper=paper,
            version=version,
            **visible(request, case_id),
        )
    )


@_act("return-step", "退回补充审查")
def return_step(request: HttpRequest, case_id: Id, body: ReturnStep) -> CaseBrief:
    """A finished step is opened again; the clock of the case runs on."""
    who = visible(request, case_id)
    return brief(steps.return_step(step=body.step, reason=body.reason, version=body.version, **who))


@_act("pass-on", "转交他人")
def pass_on(request: HttpRequest, case_id: Id, body: PassOn) -> CaseBrief:
    """Name a colleague of the same job; it is no lock."""
    who = visible(request, case_id)
    to = account_ref(body.to)
    return brief(steps.pass_on(step=body.step, to=to, note=body.note, version=body.version, **who))


@_act("forward", "转办或转报")
def forward(request: HttpRequest, case_id: Id, body: Forward) -> CaseBrief:
    """To the system that decides, or to the upper organ with the opinion (行政许可法 §35)."""
    return brief(
        forwarding.forward(
            receipt=body.receipt,
            opinion=body.opinion,
            version=body.version,
            **visible(request, case_id),
        )
    )


@_act("report-back", "登记回传状态")
def report_back(request: HttpRequest, case_id: Id, body: Reported) -> CaseBrief:
    """A status of the other system, with its own time."""
    return brief(_report(request, case_id, body, is_end=False))


@_act("end-elsewhere", "登记外部办结")
def end_elsewhere(request: HttpRequest, case_id: Id, body: Reported) -> CaseBrief:
    """The other system has finished."""
    return brief(_report(request, case_id, body, is_end=True))


def _report(request: HttpRequest, case_id: int, body: Reported, *, is_end: bool) -> Any:
    return forwarding.report_back(
        status=body.status,
        receipt=body.receipt,
        at_source=instant(body.at_source) if body.at_source else None,
        is_end=is_end,
        version=body.version,
        **visible(request, case_id),
    )


@_act("start-procedure", "启动特别程序")
def start_procedure(request: HttpRequest, case_id: Id, body: StartProcedure) -> CaseBrief:
    """Hearing, third party, publicity, expert review or testing, with its written notice."""
    return brief(
        procedures.start_procedure(
            code=body.code,
            told=body.told,
            days=body.days or "",
            version=body.version,
            **visible(request, case_id),
        )
    )


@_act("request-hearing", "要求听证")
def request_hearing(request: HttpRequest, case_id: Id, body: RequestHearing) -> CaseBrief:
    """By the applicant, or by a window for an interested party; within five days (§47)."""
    return brief(
        procedures.request_hearing(
            procedure_id=body.procedure_id, who=body.who, **visible(request, case_id)
        )
    )


@_act("advance-procedure", "通知举行听证")
def advance_procedure(request: HttpRequest, case_id: Id, body: AdvanceProcedure) -> CaseBrief:
    """Seven days before, by somebody who did not examine the case (行政许可法 §48)."""
    return brief(
        procedures.schedule_hearing(
            procedure_id=body.procedure_id,
            held_on=body.held_on,
            place=body.place,
            presiding=account_ref(body.presiding),
            version=body.version,
            **visible(request, case_id),
        )
    )


@_act("end-procedure", "结束特别程序")
def end_procedure(request: HttpRequest, case_id: Id, body: EndProcedure) -> CaseBrief:
    """Its conclusion or record; the stop of the clock that went with it ends."""
    return brief(
        procedures.end_procedure(
            procedure_id=body.procedure_id,
            outcome=body.outcome,
            is_waived=body.is_waived,
            version=body.version,
            **visible(request, case_id),
        )
    )


@_act("send-by-post", "邮寄结果")
def send_by_post(request: HttpRequest, case_id: Id, body: SendByPost) -> CaseBrief:
    """Hand the result to a carrier; delivered is the day it is signed for."""
    return brief(
        delivering.send_by_post(
            carrier=body.carrier,
            number=body.number,
            address=body.address,
            version=body.version,
            **visible(request, case_id),
        )
    )


@_act("deliver-by-post", "登记邮寄签收")
def deliver_by_post(request: HttpRequest, case_id: Id, body: DeliverByPost) -> CaseBrief:
    who = visible(request, case_id)
    return brief(
        delivering.deliver_by_post(signed_at=instant(body.signed_at), version=body.version, **who)
    )


@_act("deliver-to-another", "他人代领")
def deliver_to_another(request: HttpRequest, case_id: Id, body: DeliverToAnother) -> CaseBrief:
    """With the pick-up code and the collector's checked paper."""
    return brief(
        delivering.deliver_to_another(
            code=body.code,
            who=body.who,
            paper=body.paper,
            version=body.version,
            **visible(request, case_id),
        )
    )
