"""Handing the result over: by code at the window, or in the account online."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import DELIVERY_CLOCK, CaseAction, CaseState
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.events import ResultDelivered, ResultSent
from yiwang.apps.cases.models import Case, Parcel
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.agents import by_agent
from yiwang.apps.cases.operations.receiving import face_of
from yiwang.apps.cases.operations.wording import require_texts, too_short
from yiwang.apps.cases.seeing import may_do
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.certificates.public import Collected, Means, hand_over, is_stored
from yiwang.apps.people.public import MandateAct
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.secrets import keyring
from yiwang.kernel.clock import ClockEventKind
from yiwang.kernel.masking import mask_name

RESULT_KINDS = ("GRANT_DECISION", "REFUSAL_DECISION", "CERTIFICATE")


def pickup_code_of(case: Case) -> str:
    """The six digits told to the applicant with the pick-up notice."""
    return keyring().digits("case.pickup", str(case.filing_key))


def is_pickup_code(case: Case, offered: str) -> bool:
    """True for the code that was told, also where keys were rotated since."""
    return keyring().is_digits("case.pickup", str(case.filing_key), offered)


def result_documents(case: Case) -> list[LegalDocument]:
    """The papers that make up the result."""
    return list(
        LegalDocument.objects.filter(subject=case.subject, kind__in=RESULT_KINDS)
        .defer("content")
        .order_by("made_on", "kind")
    )


def is_ready_for_pickup(case: Case) -> bool:
    """True where every paper of the result is made and stored: 证件可领 (R049)."""
    found = result_documents(case)
    ready = bool(found) and all(d.status == DocumentStatus.READY for d in found)
    return ready and not is_being_made(case)


def has_blank(case: Case) -> bool:
    """True where this case waits for the hand-over of a certificate printed on a numbered blank."""
    if case.state != CaseState.GRANTED:
        return False
    return definition_of(case.item_version_id).result.blank is not None


def is_being_made(case: Case) -> bool:
    """正在制证: printed on a blank and not in the store. No statement for any other result."""
    return has_blank(case) and not is_stored(case.subject)


def _situation(act: Act, documents: list[LegalDocument]) -> Situation:
    ready = bool(documents) and all(d.status == DocumentStatus.READY for d in documents)
    return Situation(result_ready=ready, is_being_made=is_being_made(act.case))


@transaction.atomic
def deliver_at_window(
    *, case_id: int, code: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """Hand over at the window to whoever names the pick-up code. Raises InvalidInputError."""
    act = begin(
        case_id=case_id,
        action=CaseAction.DELIVER,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DELIVER,
    )
    if not is_pickup_code(act.case, code):
        raise InvalidInputError(
            {"code": "取件码不对。请申请人在「我的办件」或短信里核对,也可凭身份证件由窗口核验。"}
        )
    collected = Collected(Means.CODE, act.case.applicant_label)
    return _deliver(act, how="窗口领取(核对取件码)", by=actor.label, collected=collected)


@transaction.atomic
def deliver_to_another(
    *,
    case_id: int,
    code: str,
    who: str,
    paper: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Hand over to somebody whom the applicant sent: pick-up code, name and paper of who collects
    are in the delivery receipt. Raises InvalidInputError."""
    act = begin(
        case_id=case_id,
        action=CaseAction.DELIVER,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DELIVER,
    )
    problems = too_short(
        ("who", who, 2, "请填写代领人姓名。"),
        ("paper", paper, 6, "请核对并填写代领人证件号码。"),
    )
    if not is_pickup_code(act.case, code):
        problems["code"] = "取件码不对。代领人要有申请人转告的取件码和委托书。"
    if problems:
        raise InvalidInputError(problems)
    act.facts["collected_by_another"] = True
    how = f"窗口领取(代领人 {who.strip()},已核对证件和委托)"
    collected = Collected(Means.ANOTHER, mask_name(who.strip()))
    return _deliver(act, how=how, by=actor.label, collected=collected)


@transaction.atomic
def send_by_post(
    *,
    case_id: int,
    carrier: str,
    number: str,
    address: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Post the result. The day it is signed for is the day of delivery, so the clock runs on."""
    act = begin(
        case_id=case_id,
        action=CaseAction.SEND_BY_POST,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DELIVER,
    )
    if "POST" not in act.definition.result.delivery:
        raise NotNowError("这个事项的结果不能邮寄。")
    documents = result_documents(act.case)
    act.check(_situation(act, documents))
    require_texts(
        ("carrier", carrier, 2, "请填写寄递企业。"),
        ("number", number, 6, "请填写邮件单号。"),
        ("address", address, 6, "请填写收件人、电话和地址。"),
    )
    if Parcel.objects.filter(carrier=carrier.strip(), number=number.strip()).exists():
        raise InvalidInputError({"number": "这个单号已经登记过,请核对。"})
    row = Parcel.objects.create(
        case=act.case,
        carrier=carrier.strip()[:60],
        number=number.strip()[:40],
        address=address.strip()[:400],
        sent_at=at,
        sent_by=actor.ref,
    )
    act.facts |= {"parcel": row.pk, "carrier": row.carrier, "number": row.number}
    act.events.append(ResultSent(case_id=act.case.pk, parcel_id=row.pk))
    return act.commit()


@transaction.atomic
def deliver_by_post(
    *,
    case_id: int,
    signed_at: datetime,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """The parcel was signed for: by the carrier's return, `signed_at` between sending and now."""
    act = begin(
        case_id=case_id,
        action=CaseAction.DELIVER,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DELIVER,
    )
    parcel = Parcel.objects.select_for_update().filter(case=act.case).order_by("-id").first()
    if parcel is None:
        raise NotNowError("还没有登记邮寄,请先登记单号。")
    if not parcel.sent_at <= signed_at <= at:
        raise InvalidInputError({"signed_at": "签收时间要在寄出之后、现在之前。"})
    parcel.signed_at = signed_at
    parcel.save(update_fields=["signed_at"])
    act.facts["signed_at"] = signed_at.isoformat()
    reference = f"{parcel.carrier} {parcel.number}"
    collected = Collected(Means.POST, act.case.applicant_label, reference)
    return _deliver(act, how=f"邮寄({reference},回执签收)", by=actor.label, collected=collected)


@transaction.atomic
def deliver_online(*, case_id: int, actor: Actor, at: datetime, version: int | None = None) -> Case:
    """The applicant signs for the result in their own account, where the item delivers online."""
    act = begin(case_id=case_id, action=CaseAction.DELIVER, actor=actor, at=at, version=version)
    if not may_do(actor, act.case, MandateAct.COLLECT):
        raise AccessDeniedError("只有申请人本人、经办人,或受委托领取结果的代理人可以在网上签收。")
    by_agent(act, MandateAct.COLLECT, "签收了结果")
    if "ONLINE" not in act.definition.result.delivery or act.definition.result.blank is not None:
        raise InvalidInputError({"delivery": "这个事项的结果需要到窗口领取或邮寄,不能网上签收。"})
    return _deliver(act, how="网上签收", by="本平台")


def _deliver(act: Act, *, how: str, by: str, collected: Collected | None = None) -> Case:
    documents = result_documents(act.case)
    act.check(_situation(act, documents))
    if any(r.clock == DELIVERY_CLOCK and r.kind == ClockEventKind.STARTED.value for r in act.rows):
        act.clock(DELIVERY_CLOCK, ClockEventKind.FINISHED)
    act.changes["ended_at"] = act.at
    paper = papers.delivery_receipt(
        face_of(act),
        papers=[f"{d.title} {d.number}" for d in documents],
        how=how,
        by=by,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.facts |= {"how": how, "delivered": [str(d.pk) for d in documents]}
    if collected is not None and has_blank(act.case):
        hand_over(subject=act.case.subject, collected=collected, actor=act.actor, at=act.at)
    act.events.append(ResultDelivered(case_id=act.case.pk, outcome=act.case.state))
    return act.commit()
