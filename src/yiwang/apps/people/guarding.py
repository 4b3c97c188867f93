"""Guardians: registered at a window with the paper that proves it, confirmed by a second person,
over by itself on the child's 18th birthday (民法典 §17, §27)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.apps.people import permissions
from yiwang.apps.people.authorising import attached
from yiwang.apps.people.authority_models import Guardianship
from yiwang.apps.people.authority_terms import (
    AuthorityError,
    AuthorityNotFoundError,
    InvalidTermsError,
)
from yiwang.apps.people.domain.authority import GuardianshipState, comes_of_age_on
from yiwang.apps.people.events import GuardianshipDecided
from yiwang.apps.people.labels import label_of
from yiwang.apps.people.models import Party
from yiwang.apps.people.operations import unmask
from yiwang.foundation.access import Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.identifiers import resident_id
from yiwang.kernel.identifiers.checked import MalformedError
from yiwang.kernel.moment import civil_date, start_of_day

COMES_OF_AGE = "people.comes_of_age"
RELATIONS = ("父母", "祖父母、外祖父母", "兄姐", "其他依法担任的监护人")


def birth_of(party: Party) -> date | None:
    """The birth date that the paper's number holds; None for papers without one."""
    try:
        return resident_id.birth_on(party.paper_number)
    except MalformedError:
        return None


@transaction.atomic
def register_guardian(
    *,
    child: Party,
    guardian: Party,
    relation: str,
    evidence: str,
    file: tuple[str, bytes] | None,
    actor: Actor,
    at: datetime,
) -> Guardianship:
    """Register it; it stands when a second person has confirmed it. Raises AuthorityError."""
    actor.require(permissions.REGISTER_RELATIONS)
    born, today = birth_of(child), civil_date(at)
    problems = _problems(child, guardian, born, today)
    if relation not in RELATIONS:
        problems["relation"] = "请选择监护人与被监护人的关系。"
    if len(evidence.strip()) < 4:
        problems["evidence"] = "请写明证明材料和编号,例如:出生医学证明 A990000001。"
    if file is None:
        problems["file"] = "请上传证明关系的材料(户口簿、出生医学证明或判决书)。"
    if problems or born is None or file is None:
        raise InvalidTermsError(f"有 {len(problems)} 处需要修改,已填写的内容都保留着。", problems)
    try:
        with transaction.atomic():
            row = Guardianship.objects.create(
                child=child,
                guardian=guardian,
                relation=relation,
                evidence=evidence.strip()[:120],
                born_on=born,
                valid_until=comes_of_age_on(born) - timedelta(days=1),
                state=GuardianshipState.PROPOSED,
                proposed_by=actor.ref,
                proposed_label=label_of(actor),
                proposed_at=at,
            )
    except IntegrityError as error:
        raise AuthorityError("这两个人的监护关系已经登记过,不用再登记。") from error
    row.paper = attached(file, row.subject, actor, at)
    row.save(update_fields=["paper"])
    facts = {"child": child.pk, "guardian": guardian.pk, "valid_until": str(row.valid_until)}
    _write(row, "register_guardian", actor, at, {**facts, "file": str(row.paper.pk)})
    return row


def _problems(child: Party, guardian: Party, born: date | None, today: date) -> dict[str, str]:
    found = {}
    if not child.is_natural or born is None:
        found["child_paper_number"] = "请用有出生日期的证件(居民身份证等)登记被监护人。"
    elif comes_of_age_on(born) <= today:
        found["child_paper_number"] = "已满 18 周岁,由本人办理,或由本人委托别人。"
    grown = birth_of(guardian)
    if not guardian.is_natural:
        found["guardian_paper_number"] = "监护人要是个人;单位监护请按国家规定另行办理。"
    elif guardian.pk == child.pk or (grown is not None and comes_of_age_on(grown) > today):
        found["guardian_paper_number"] = "监护人要是另一个成年人。"
    return found


def _write(
    row: Guardianship, operation: str, actor: Actor, at: datetime, facts: dict[str, Any]
) -> None:
    append(
        subject=row.subject,
        operation=f"people.{operation}",
        actor=actor.ref,
        at=at,
        facts={"guardianship_state": row.state, **facts},
    )


def _locked(guardianship_id: int) -> Guardianship:
    row = (
        Guardianship.objects.select_for_update(of=("self",))
        .select_related("child", "guardian")
        .filter(pk=guardianship_id)
        .first()
    )
    if row is None:
        raise AuthorityNotFoundError
    return row


@transaction.atomic
def decide_guardian(
    *, guardianship_id: int, approved: bool, note: str, actor: Actor, at: datetime
) -> Guardianship:
    """The second person: never the one who registered it. Raises AuthorityError."""
    actor.require(permissions.REGISTER_RELATIONS)
    row = _locked(guardianship_id)
    if row.state != GuardianshipState.PROPOSED:
        raise AuthorityError("这条登记已由别人处理,请看最新的清单。")
    if row.proposed_by == actor.ref:
        raise AuthorityError("登记和复核要由两个人办,请另一位工作人员复核。")
    if not approved and len(note.strip()) < 4:
        raise InvalidTermsError("请写明没有确认的原因。", {"note": "请写明没有确认的原因。"})
    row.state = GuardianshipState.CONFIRMED if approved else GuardianshipState.DECLINED
    row.decided_by, row.decided_label, row.decided_at = actor.ref, label_of(actor), at
    row.note = note.strip()[:200]
    row.save()
    _write(row, "decide_guardian", actor, at, {"approved": approved})
    if approved:
        on = start_of_day(row.valid_until + timedelta(days=1))
        set_timers(row.subject, {COMES_OF_AGE: on})
    publish([GuardianshipDecided(guardianship_id=row.pk)], at=at)
    return row


@transaction.atomic
def end_guardian(*, guardianship_id: int, reason: str, actor: Actor, at: datetime) -> Guardianship:
    """It is over before: another guardian was named, or it was wrong. Raises AuthorityError."""
    if not actor.is_system:
        actor.require(permissions.REGISTER_RELATIONS)
    row = _locked(guardianship_id)
    if row.state != GuardianshipState.CONFIRMED:
        raise AuthorityError("这条监护关系现在没有生效,不用结束。")
    if len(reason.strip()) < 4:
        raise InvalidTermsError("请写明结束的原因。", {"reason": "请写明结束的原因。"})
    row.state, row.ended_at, row.note = GuardianshipState.ENDED, at, reason.strip()[:200]
    row.save(update_fields=["state", "ended_at", "note"])
    _write(row, "end_guardian", actor, at, {})
    set_timers(row.subject, {COMES_OF_AGE: None})
    publish([GuardianshipDecided(guardianship_id=row.pk)], at=at)
    return row


def waiting(*, size: int = 50) -> list[Guardianship]:
    """Registered and not yet confirmed, oldest first; one statement."""
    rows = Guardianship.objects.filter(state=GuardianshipState.PROPOSED)
    return list(rows.select_related("child", "guardian").order_by("id")[:size])


def with_paper(guardianship_id: int) -> Guardianship:
    """Raises AuthorityNotFoundError where there is none, or no paper with it."""
    row = (
        Guardianship.objects.select_related("child", "paper__file")
        .filter(pk=guardianship_id, paper__isnull=False)
        .first()
    )
    if row is None:
        raise AuthorityNotFoundError
    return row


def note_look(row: Guardianship, *, actor: Actor, at: datetime) -> None:
    """Opening the proof shows personal data: it is told to the child's side."""
    reason = "复核监护关系登记"
    unmask(
        party=row.child, what="监护关系证明材料", reason=reason, actor=actor, at=at,
        subject=row.subject,
    )  # fmt: skip
