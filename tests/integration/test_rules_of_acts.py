"""Rules of single acts, each with the article it rests on (docs/law)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from tests.acting import PDF, accepted, actor, answers_for, draft, received, reviewed

from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case, CaseMaterial, ReviewStep
from yiwang.apps.cases.operations import deciding, drafts, ending, filing, receiving, reviewing
from yiwang.apps.cases.operations.holdings import held_for
from yiwang.apps.cases.queries import visible_case
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.people.models import Disclosure
from yiwang.apps.people.public import Party, register_party, unmask
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.files.storing import FileRefusedError
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.identifiers.kinds import PaperKind

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"


def test_an_error_is_put_right_on_the_spot(at: datetime) -> None:
    clerk = actor("he-window", at)
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    answers = answers_for(FOOD)
    name = next(k for k, v in answers.items() if isinstance(v, str) and "演示" in v)
    done = receiving.correct_on_spot(
        case_id=case.pk, form={**answers, name: "更正后的内容"}, actor=clerk, at=at
    )
    assert done.state == "RECEIVED" and case.contents.count() == 2
    with pytest.raises(InvalidInputError) as caught:
        receiving.correct_on_spot(case_id=case.pk, form={}, actor=clerk, at=at)
    assert caught.value.fields and case.contents.count() == 2


def test_a_replaced_file_loses_its_ticks(at: datetime) -> None:
    clerk = actor("he-window", at)
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    row = CaseMaterial.objects.filter(case=case, status="PROVIDED").exclude(attachment=None).first()
    assert row is not None
    material = definition_of(case.item_version_id).material(row.code)
    assert material is not None
    receiving.open_material(case_id=case.pk, code=row.code, actor=clerk, at=at)
    receiving.tick(
        case_id=case.pk, code=row.code, points=[material.points[0].code], actor=clerk, at=at
    )
    receiving.correct_on_spot(
        case_id=case.pk, files={row.code: ("新.pdf", PDF)}, actor=clerk, at=at
    )
    row.refresh_from_db()
    assert row.points == {} and row.opened_by == ""


def test_acceptance_with_open_points_names_them(at: datetime) -> None:
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    with pytest.raises(InvalidInputError) as caught:
        receiving.accept(case_id=case.pk, actor=actor("he-window", at), at=at)
    assert all("「" in text for text in caught.value.fields.values())


def test_a_site_check_needs_two_people(at: datetime) -> None:
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    reviewer = actor("zhao-review", at)
    while True:
        step = ReviewStep.objects.filter(case=case, state="OPEN").exclude(job="decide").first()
        assert step is not None
        if step.people > 1:
            break
        reviewing.give_opinion(
            case_id=case.pk,
            step=step.code,
            conclusion="AGREE",
            opinion="符合",
            actor=reviewer,
            at=at,
        )
    opinion = {
        "case_id": case.pk,
        "step": step.code,
        "conclusion": "AGREE",
        "opinion": "现场属实",
        "actor": reviewer,
        "at": at,
    }
    for second in ("", reviewer.ref, reviewer.label, actor("chen-window", at).ref):
        with pytest.raises(InvalidInputError) as caught, transaction.atomic():
            reviewing.give_opinion(second_person=second, **opinion)
        assert "second_person" in caught.value.fields
    second = actor("qian-review", at)
    reviewing.give_opinion(second_person=second.ref, **opinion)
    done = ReviewStep.objects.get(case=case, code=step.code)
    assert {done.done_by, done.second_ref} == {reviewer.ref, second.ref}
    assert done.second_person == second.label


def test_a_limit_is_extended_once_by_the_approver(at: datetime) -> None:
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    before = case.statutory_due_on
    with pytest.raises(AccessDeniedError):
        reviewing.extend(case_id=case.pk, reason="情况复杂", actor=actor("zhao-review", at), at=at)
    approver = actor("sun-approve", at)
    done = reviewing.extend(case_id=case.pk, reason="情况复杂", actor=approver, at=at)
    assert before is not None and done.statutory_due_on > before
    with pytest.raises(NotNowError, match="只能延长一次"):
        reviewing.extend(case_id=case.pk, reason="情况复杂", actor=approver, at=at)


def test_the_delivery_clock_runs_from_the_decision(at: datetime) -> None:
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    reviewed(case, reviewer=actor("zhao-review", at), at=at)
    done = deciding.grant(
        case_id=case.pk, actor=actor("sun-approve", at), at=at + timedelta(days=1)
    )
    assert str(done.delivery_due_on) == "2026-03-17"  # ten working days after Tuesday 3 March


def test_the_construction_permit_runs_from_receipt_in_natural_days(at: datetime) -> None:
    case = received("construction-permit", by=actor("xu-xiangyang", at), at=at)
    assert definition_of(case.item_version_id).limits.statutory is not None
    from tests.acting import tick_all

    later = at + timedelta(days=2)
    clerk = actor("he-window", later)
    tick_all(case, clerk=clerk, at=later)
    done = receiving.accept(case_id=case.pk, actor=clerk, at=later)
    assert str(done.statutory_due_on) == "2026-03-09"  # seven days after 2 March, not after the 4th


def test_a_transfer_not_answered_on_the_day_is_accepted(at: datetime) -> None:
    case = received("real-estate-transfer", by=actor("lin-xiaoman", at), at=at)
    assert str(case.receipt_due_on) == "2026-03-02"
    sweep(at=at + timedelta(hours=10))
    case.refresh_from_db()
    assert case.state == "RECEIVED"
    sweep(at=at + timedelta(hours=15))
    case.refresh_from_db()
    assert case.state == "REVIEW" and case.is_deemed_accepted
    assert case.accepted_at == case.received_at


@pytest.mark.row("R033")
def test_an_immediate_item_is_due_on_its_day_and_late_after(at: datetime) -> None:
    case = accepted(
        "public-place-hygiene", by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at
    )
    assert str(case.promised_due_on) == "2026-03-02"
    from yiwang.apps.cases.queries import late_cases

    late = late_cases(organs=[case.organ_id], at=at + timedelta(days=1))
    assert case.pk in [row.pk for row in late.cases]
    assert late_cases(organs=[case.organ_id], at=at).cases == []


def test_what_the_city_holds_is_not_asked_for(at: datetime) -> None:
    person = actor("lin-xiaoman", at)
    company = Party.objects.get(label="椰城小满餐饮有限公司")
    row = draft(FOOD, by=person, at=at, applicant=company)
    definition = definition_of(row.item_version_id)
    held = held_for(row, definition, at).held
    licence = next(m.code for m in definition.materials if m.licence_kind == "business_licence")
    assert licence in held
    drafts.remove_file(draft_id=row.pk, code=licence, actor=person, at=at)
    case = filing.submit(draft_id=row.pk, actor=person, at=at)
    assert CaseMaterial.objects.get(case=case, code=licence).status == "HELD"


def test_what_is_not_found_is_asked_for(at: datetime) -> None:
    person = actor("ouyang-yan", at)
    row = draft(FOOD, by=person, at=at)
    definition = definition_of(row.item_version_id)
    licence = next(m.code for m in definition.materials if m.licence_kind == "business_licence")
    drafts.remove_file(draft_id=row.pk, code=licence, actor=person, at=at)
    with pytest.raises(InvalidInputError) as caught:
        filing.submit(draft_id=row.pk, actor=person, at=at)
    assert f"material-{licence}" in caught.value.fields


def test_an_old_persons_card_is_proposed_by_rule_and_granted_by_a_person(at: datetime) -> None:
    case = accepted("elder-card", by=actor("wang-shouren", at), clerk=actor("he-window", at), at=at)
    assert case.instant_verdict is not None and not case.instant_verdict["to_person"]
    assert case.state == "REVIEW"  # a person still decides


def test_an_unknown_fact_goes_to_a_person(at: datetime) -> None:
    case = accepted("elder-card", by=actor("he-guifang", at), clerk=actor("he-window", at), at=at)
    assert case.instant_verdict is not None and case.instant_verdict["to_person"]


def test_somebody_elses_case_does_not_exist(at: datetime) -> None:
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    for login in ("wang-shouren", "feng-review", "chu-approve", "system-admin"):
        try:
            who = actor(login, at)
        except Exception:
            continue
        with pytest.raises(CaseNotFoundError):
            visible_case(case.pk, actor=who)
    for login in ("lin-xiaoman", "he-window", "zhao-review", "sun-approve"):
        assert visible_case(case.pk, actor=actor(login, at)).pk == case.pk


def test_a_draft_is_its_owners_only(at: datetime) -> None:
    row = draft(FOOD, by=actor("lin-xiaoman", at), at=at)
    with pytest.raises(CaseNotFoundError):
        drafts.save_draft(draft_id=row.pk, form={}, actor=actor("wang-shouren", at), at=at)
    with pytest.raises(CaseNotFoundError):
        filing.submit(draft_id=row.pk, actor=actor("wang-shouren", at), at=at)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        (b"<svg onload=alert(1)>", "格式"),
        (b"MZ\x90\x00", "格式"),
        (b"%PDF" + b"0" * (21 << 20), "20 MB"),
    ],
    ids=["empty", "svg", "exe", "large"],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(
    content: bytes, word: str, at: datetime
) -> None:
    person = actor("lin-xiaoman", at)
    row = draft(FOOD, by=person, at=at)
    code = next(iter(row.files), None) or definition_of(row.item_version_id).materials[0].code
    with pytest.raises(FileRefusedError, match=word):
        drafts.add_file(
            draft_id=row.pk, code=code, name="x.pdf", content=content, actor=person, at=at
        )


def test_unmasking_is_recorded_with_its_reason_and_shown_to_the_person(at: datetime) -> None:
    party = Party.objects.get(label="王*")
    clerk = actor("he-window", at)
    with pytest.raises(ValueError, match="理由"):
        unmask(party=party, what="证件号码", reason="看", actor=clerk, at=at)
    with pytest.raises(AccessDeniedError):
        unmask(
            party=party,
            what="证件号码",
            reason="核对身份信息",
            actor=actor("lin-xiaoman", at),
            at=at,
        )
    unmask(party=party, what="证件号码", reason="核对身份信息", actor=clerk, at=at)
    row = Disclosure.objects.get(party=party)
    assert row.reason == "核对身份信息" and "综合窗口" in row.actor_label


def test_persons_are_told_apart_by_paper_never_by_name(at: datetime) -> None:
    clerk = actor("he-window", at)
    one = register_party(
        kind=Party.objects.get(label="王*").kind, name="王守仁", paper_kind=PaperKind.PASSPORT,
        paper_number="E12345678", actor=clerk, at=at,
    )  # fmt: skip
    assert one.pk != Party.objects.filter(label="王*").order_by("pk").first().pk  # type: ignore[union-attr]


def test_a_withdrawn_case_ends_its_clocks_and_steps(at: datetime) -> None:
    citizen = actor("lin-xiaoman", at)
    case = accepted(FOOD, by=citizen, clerk=actor("he-window", at), at=at)
    with pytest.raises(AccessDeniedError):
        ending.withdraw(case_id=case.pk, reason="", actor=actor("he-window", at), at=at)
    done = ending.withdraw(case_id=case.pk, reason="不办了", actor=citizen, at=at)
    assert done.state == "WITHDRAWN" and done.sort_due_at.year == 9999
    assert not ReviewStep.objects.filter(case=case, state="OPEN").exists()
    assert Case.objects.get(pk=case.pk).ended_at == at
