"""昨日办件抽查: drawn each working day, checked by somebody who had no hand in it, answered by the
organ. Nothing of the case itself is changed here: a correction is proposed and confirmed there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction

from yiwang.apps.cases.public import ConcludedCase, concluded_cases, handlers_of
from yiwang.apps.oversight.domain.sampling import (
    MINIMUM,
    POINTS,
    SHARE,
    Candidate,
    SampledState,
    draw,
    sample_size,
)
from yiwang.apps.oversight.errors import InvalidActError, NotNowError, SampleNotFoundError
from yiwang.apps.oversight.models import Sample, SampledCase
from yiwang.apps.oversight.permissions import ANSWER, SAMPLE
from yiwang.apps.people.public import Organ
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.parameters.current import parameter
from yiwang.foundation.record.models import RootSeal
from yiwang.foundation.record.writing import append
from yiwang.kernel.identifiers.region import covers
from yiwang.kernel.moment import civil_date, end_of_day, start_of_day

SHORTEST, LONGEST = 6, 2000
LATEST = timedelta(days=60)


def may_check(actor: Actor, organ: Organ) -> bool:
    """A post that samples, of the organ's area or one that covers it."""
    return any(
        SAMPLE.code in posting.permissions and covers(posting.area_code, organ.area_id)
        for posting in actor.postings
    )


def days_before(day: date) -> tuple[date, date]:
    """The days whose cases are drawn on this working day: from the last working day on."""
    first = day - timedelta(days=1)
    while not calendar().is_working(first):
        first -= timedelta(days=1)
    return first, day - timedelta(days=1)


def draw_day(*, day: date, at: datetime) -> int:
    """Draw for every organ that concluded something on the days before `day`; nothing on a day of
    rest, nor a second time. Returns how many cases were drawn."""
    if not calendar().is_working(day):
        return 0
    first, last = days_before(day)
    found = concluded_cases(start_of_day(first), end_of_day(last))
    done = set(Sample.objects.filter(last_on=last).values_list("organ_id", flat=True))
    by_organ = sorted(found, key=lambda case: (case.organ_id, case.case_id))
    total = 0
    for organ_id, group in groupby(by_organ, key=lambda case: case.organ_id):
        if organ_id not in done:
            total += _draw(organ_id, (first, last), list(group), at=at).size
    return total


@transaction.atomic
def _draw(
    organ_id: int,
    days: tuple[date, date],
    cases: list[ConcludedCase],
    *,
    at: datetime,
    number: int = 1,
    reason: str = "",
    actor: Actor | None = None,
) -> Sample:
    by = actor or system_actor("sampling")
    per_mille, minimum = (parameter(code, on=days[1]).value for code in (SHARE, MINIMUM))
    size = sample_size(len(cases), per_mille, minimum)
    # Nobody who could wish for a sample chooses the root; everybody can read it.
    root = RootSeal.objects.order_by("-number").values_list("root", flat=True).first()
    seed = f"{organ_id}:{days[1]}:{number}:{bytes(root).hex() if root else 'none'}"
    chosen = set(draw([Candidate(c.case_id, c.item_code) for c in cases], size=size, seed=seed))
    sample = Sample.objects.create(
        organ_id=organ_id,
        first_on=days[0],
        last_on=days[1],
        round=number,
        seed=seed,
        pool=[[c.case_id, c.item_code] for c in cases],
        population=len(cases),
        size=size,
        per_mille=per_mille,
        minimum=minimum,
        drawn_at=at,
        drawn_by=by.ref,
        drawn_by_label=by.label[:80],
        reason=reason,
    )
    SampledCase.objects.bulk_create(
        SampledCase(
            sample=sample,
            organ_id=organ_id,
            case_id=case.case_id,
            short_number=case.short_number,
            item_name=case.item_name,
            state=SampledState.PENDING,
        )
        for case in cases
        if case.case_id in chosen
    )
    facts = {"seed": seed, "population": len(cases), "cases": sorted(chosen), "reason": reason}
    append(subject=sample.subject, operation="oversight.draw", actor=by.ref, at=at, facts=facts)
    return sample


@transaction.atomic
def redraw(*, sample_id: int, reason: str, actor: Actor, at: datetime) -> Sample:
    """Draw anew, with a reason that is kept; only while nothing of the sample is checked.

    Raises SampleNotFoundError, InvalidActError, NotNowError.
    """
    old = Sample.objects.select_for_update(of=("self",)).select_related("organ")
    row = old.filter(pk=sample_id).first()
    if row is None or not may_check(actor, row.organ):
        raise SampleNotFoundError
    if not SHORTEST <= len(reason.strip()) <= 400:
        raise InvalidActError({"reason": "请写明为什么重抽,至少 6 个字,会公布在抽查记录里。"})
    latest = Sample.objects.filter(organ=row.organ, last_on=row.last_on).order_by("-round").first()
    if latest != row or row.cases.exclude(state=SampledState.PENDING).exists():
        raise NotNowError("这次抽查已经开始办理或者已经重抽,不能再重抽。")
    row.cases.update(state=SampledState.DROPPED)
    found = concluded_cases(start_of_day(row.first_on), end_of_day(row.last_on))
    return _draw(
        row.organ_id,
        (row.first_on, row.last_on),
        [case for case in found if case.organ_id == row.organ_id],
        at=at,
        number=row.round + 1,
        reason=reason.strip(),
        actor=actor,
    )


def _locked(sampled_id: int) -> SampledCase:
    rows = SampledCase.objects.select_for_update(of=("self",))
    row = rows.select_related("organ", "sample").filter(pk=sampled_id).first()
    if row is None:
        raise SampleNotFoundError
    return row


@transaction.atomic
def check(
    *,
    sampled_id: int,
    is_problem: bool | None,
    points: list[str],
    text: str,
    due_on: date | None,
    actor: Actor,
    at: datetime,
) -> SampledCase:
    """What the checker found: 无问题 with every point, or 有问题 with a text and a day to answer.

    Raises SampleNotFoundError, InvalidActError, NotNowError.
    """
    row = _locked(sampled_id)
    if not may_check(actor, row.organ):
        raise SampleNotFoundError
    if row.state != SampledState.PENDING:
        raise NotNowError(f"这个办件{row.state_label},不能再记录。")
    if actor.ref in handlers_of(row.case_id):
        raise NotNowError("您办理过这个办件,请由没有办理过的人抽查。")
    kept = [code for code, _ in POINTS if code in points]
    if problems := _problems(is_problem, kept, text, due_on, civil_date(at)):
        raise InvalidActError(problems)
    row.state = SampledState.PROBLEM if is_problem else SampledState.CLEAN
    row.points, row.text = kept, text.strip()
    row.due_on = due_on if is_problem else None
    row.checked_by, row.checked_by_label, row.checked_at = actor.ref, actor.label[:80], at
    row.save()
    facts = {"case": row.case_id, "sampled_state": row.state, "points": kept}
    _note(row, "oversight.check_sampled", facts, actor, at)
    return row


def _problems(
    is_problem: bool | None, points: list[str], text: str, due_on: date | None, today: date
) -> dict[str, str]:
    if is_problem is None:
        return {"result": "请选择抽查的结果。"}
    if not is_problem:
        missing = len(points) < len(POINTS)
        return {"points": "没有问题的,每个要点都要核对并勾选。"} if missing else {}
    found = {}
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        found["text"] = f"请写明问题,{SHORTEST} 到 {LONGEST} 个字。"
    if due_on is None or not today < due_on <= today + LATEST:
        found["due_on"] = f"请填写答复的最后一天,在今天以后 {LATEST.days} 天以内。"
    return found


@transaction.atomic
def answer(*, sampled_id: int, text: str, actor: Actor, at: datetime) -> SampledCase:
    """What the organ did about it. Raises SampleNotFoundError, InvalidActError, NotNowError."""
    row = _locked(sampled_id)
    if not actor.may(ANSWER, organ_id=row.organ_id):
        raise SampleNotFoundError
    if row.state != SampledState.PROBLEM:
        raise NotNowError(f"这个办件{row.state_label},没有要答复的问题。")
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        raise InvalidActError({"text": f"请写明怎么整改的,{SHORTEST} 到 {LONGEST} 个字。"})
    row.state, row.answer = SampledState.ANSWERED, text.strip()
    row.answered_by, row.answered_by_label, row.answered_at = actor.ref, actor.label[:80], at
    row.save()
    facts = {"case": row.case_id, "sampled_state": row.state}
    _note(row, "oversight.answer_sampled", facts, actor, at)
    return row


def _note(
    row: SampledCase, operation: str, facts: dict[str, object], actor: Actor, at: datetime
) -> None:
    """The record entry; the sample's row is locked, so that two of its cases follow each other."""
    Sample.objects.select_for_update().get(pk=row.sample_id)
    append(subject=row.sample.subject, operation=operation, actor=actor.ref, at=at, facts=facts)
