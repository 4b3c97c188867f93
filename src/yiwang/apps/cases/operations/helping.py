"""Noting help, drawing whom to call back, and noting what they said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.sampling import drawn
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.models.helping import HelpCall, HelpKind, HelpRecord, HelpSample
from yiwang.apps.cases.operations.helped import Help, Helped, helped_with, write_help
from yiwang.apps.cases.operations.window_agents import basis_of
from yiwang.apps.cases.queries import find_by_number
from yiwang.apps.people.public import (
    InvalidPartyError,
    Shown,
    authorisation_in_force,
    identify,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date

LARGEST = 500
NOT_FOUND = "没有找到这个办件,或者不在您的窗口。请核对编号。"
NOBODY = "请填写办件编号;没有办件的,填写帮办对象的证件号码和什么事。"


def organ_of_helper(actor: Actor) -> int:
    """The organ whose post helps. Raises AccessDeniedError."""
    actor.require(permissions.HELP)
    return actor.organ_ids(permissions.HELP)[0]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody without a case (yet): the paper they show and what it was about."""

    shown: Shown
    matter: str


@transaction.atomic
def note_help(
    *, number: str, help: Help, actor: Actor, at: datetime, whom: Helped | Known | None = None
) -> HelpRecord:
    """Who helped, whom, with which case, where, what came of it.

    Without a number it is help without a case, of `whom`; with both, the case must be theirs.
    Raises InvalidInputError.
    """
    organ = organ_of_helper(actor)
    wrong: dict[str, str] = {}
    if isinstance(whom, Known):
        whom, wrong = _identified(whom, bool(number.strip()), actor, at)
    of = whom
    if number.strip() or (whom is None and not wrong):
        case = find_by_number(number, actor=actor)
        if case is None:
            wrong["number"] = NOT_FOUND if number.strip() else NOBODY
        elif whom is not None and case.applicant_id != whom.party_id:
            wrong["number"] = "这个办件的申请人不是帮办对象。请核对编号,没有办件的留空。"
        else:
            of = helped_with(case)
            help = _under_authorisation(case, help, at)
    problems = _problems(help, civil_date(at)) | wrong
    if problems or of is None:
        raise InvalidInputError(problems)
    return write_help(of, help, organ, actor, at)


def _identified(
    whom: Known, has_number: bool, actor: Actor, at: datetime
) -> tuple[Helped | None, dict[str, str]]:
    """Whom it was for, or what to mend. With the number of a case the matter is the case's."""
    wrong, matter = {}, whom.matter.strip()
    if not has_number and len(matter) < 2:
        wrong["matter"] = "请写明是什么事,例如:老年优待证。"
    try:
        party = identify(whom.shown, actor=actor, at=at)
    except InvalidPartyError as error:
        return None, wrong | error.fields
    return Helped(party.pk, party.label, "", matter[:200]), wrong


def _under_authorisation(case: Case, help: Help, at: datetime) -> Help:
    """代办 rests on the authorisation in force for this case's filer and item; without one the
    paper that was shown is written down, and the record says that nothing was checked."""
    if help.kind != HelpKind.AGENCY:
        return help
    filer = case.filed_by_id
    row = authorisation_in_force(filer, case.applicant_id, case.item_code, at=at) if filer else None
    if row is None:
        return help
    return replace(help, basis=help.basis.strip() or basis_of(row), authorisation_id=row.pk)


def _problems(help: Help, today: date) -> dict[str, str]:
    found = {}
    if help.kind not in HelpKind.values:
        found["kind"] = "请选择帮办的种类。"
    for name, words in (("place", "在哪里帮办的"), ("what", "帮办了什么"), ("result", "结果怎样")):
        if len(getattr(help, name).strip()) < 2:
            found[name] = f"请写明{words}。"
    if help.helped_on is None or help.helped_on > today:
        found["helped_on"] = "请填帮办的日期,不能晚于今天。"
    if help.kind == HelpKind.POST and not help.parcel_number.strip():
        found["parcel_number"] = "邮政帮办要填邮件号码。"
    if help.kind == HelpKind.AGENCY and len(help.basis.strip()) < 2:
        found["basis"] = (
            "没有查到这个办件有效的授权委托。代办要写明委托凭据,例如:授权委托书,2026年11月3日。"
        )
    return found


def person_times(organs: list[int], first: date, last: date) -> dict[str, int]:
    """Kind → person-times of a period, both days included: a recount, never a kept counter."""
    rows = HelpRecord.objects.filter(organ_id__in=organs, helped_on__range=(first, last))
    return dict(rows.values_list("kind").annotate(n=Count("id")).order_by("kind"))


@transaction.atomic
def draw_sample(
    *, first: date, last: date, size: int, seed: str, actor: Actor, at: datetime
) -> HelpSample:
    """A sample of the person-times of a period, with the seed it can be drawn again with."""
    actor.require(permissions.CALL_BACK)
    organ = actor.organ_ids(permissions.CALL_BACK)[0]
    if not first <= last or not 1 <= size <= LARGEST or not 1 <= len(seed.strip()) <= 40:
        raise InvalidInputError(
            {"size": f"请填先后两天、1 到 {LARGEST} 的样本量,和随机种子(40 个字以内)。"}
        )
    rows = HelpRecord.objects.filter(organ_id=organ, helped_on__range=(first, last))
    population = list(rows.order_by("id").values_list("id", flat=True))
    if not population:
        raise InvalidInputError({"size": "这段时间没有帮办记录,不用抽样。"})
    chosen = drawn(population, size=size, seed=seed.strip())
    sample = HelpSample.objects.create(
        organ_id=organ,
        first=first,
        last=last,
        seed=seed.strip(),
        population=len(population),
        size=len(chosen),
        drawn_by=actor.ref,
        drawn_at=at,
    )
    HelpCall.objects.bulk_create([HelpCall(sample=sample, record_id=pk) for pk in chosen])
    append(
        subject=f"help_sample:{sample.pk}",
        operation="cases.draw_sample",
        actor=actor.ref,
        at=at,
        facts={"seed": sample.seed, "size": sample.size, "population": sample.population},
    )
    return sample


@transaction.atomic
def note_call(
    *, call_id: int, is_reached: bool, is_satisfied: bool | None, said: str, actor: Actor,
    at: datetime,
) -> HelpCall:  # fmt: skip
    """What came of a call-back, by somebody who did not help. Once. Raises NotNowError."""
    actor.require(permissions.CALL_BACK)
    call = (
        HelpCall.objects.select_for_update(of=("self",))
        .select_related("sample", "record")
        .filter(pk=call_id, sample__organ_id__in=actor.organ_ids(permissions.CALL_BACK))
        .first()
    )
    if call is None:
        raise CaseNotFoundError
    if call.called_at is not None:
        raise NotNowError("这次回访已经记录过。")
    if call.record.helper == actor.ref:
        raise NotNowError("帮办的人不能自己回访,请由另一位工作人员回访。")
    if is_reached and is_satisfied is None:
        raise InvalidInputError({"answer": "回访成功的,请选择满意还是不满意。"})
    call.is_reached, call.is_satisfied = is_reached, is_satisfied if is_reached else None
    call.said, call.called_by, call.called_at = said.strip()[:400], actor.ref, at
    call.save()
    append(
        subject=f"help_sample:{call.sample_id}",
        operation="cases.note_call",
        actor=actor.ref,
        at=at,
        facts={"help": call.record_id, "is_reached": is_reached, "is_satisfied": call.is_satisfied},
    )
    return call


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """满意 ÷ 回访成功, with the sample it rests on."""

    satisfied: int
    reached: int
    tried: int
    size: int


def satisfaction_of(samples: list[int]) -> dict[int, Satisfaction]:
    """Sample id → its figures, from the calls. One statement."""
    rows = HelpCall.objects.filter(sample_id__in=samples).values_list("sample_id")
    counted = rows.annotate(
        satisfied=Count("id", filter=Q(is_satisfied=True)),
        reached=Count("id", filter=Q(is_reached=True)),
        tried=Count("id", filter=Q(called_at__isnull=False)),
        size=Count("id"),
    )
    return {pk: Satisfaction(*figures) for pk, *figures in counted}
