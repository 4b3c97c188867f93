"""代收: taken in where the item is not resident, for the window that has it; the papers follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.acting import PDF, actor, make_documents, reviewed, tick_all
from tests.integration.taking import (
    ESTATE,
    RIGHT,
    TAKER,
    begun,
    hall,
    moved_to,
    papers_of,
    row_of,
    taken_in,
)
from tests.integration.test_budgets import at_most

from yiwang.apps.cases import taken_in as reads
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case, PapersHandOver
from yiwang.apps.cases.operations import deciding, delivering, receiving, taking_in
from yiwang.apps.cases.public import cases_that_keep_open
from yiwang.apps.cases.queries import cases_to_accept, cases_to_deliver, visible_case, whole_case
from yiwang.apps.people.public import Organ, PlaceKind, Window
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.machine import TransitionNotAllowedError

pytestmark = pytest.mark.django_db


@pytest.mark.row("R018")
def test_the_whole_way_from_the_counter_to_the_right_window(at: datetime) -> None:
    taker, right = actor(TAKER, at), actor(RIGHT, at)
    case = taken_in(at=at)
    assert (case.hall.slug, case.taken_in_hall.slug) == ("yecheng-hall", "taolin-hall")
    row = row_of(case)
    assert (row.state, sorted(row.papers)) == ("IN_HAND", papers_of(ESTATE, at))
    assert [c.pk for c in cases_to_accept(actor=right).cases] == [case.pk], (
        "the right window does not have it at once"
    )
    made = taking_in.hand_over(
        case_ids=[case.pk], way="INTERNAL", parcel_number="", actor=taker, at=at
    )
    assert made.receiver_name == "椰城市政务服务大厅"
    assert made.lines[0]["papers"] == list(row.papers.values())
    taking_in.confirm(case_ids=[case.pk], actor=right, at=at)
    assert row_of(case).state == "ARRIVED"
    tick_all(case, clerk=right, at=at)
    accepted = receiving.accept(case_id=case.pk, actor=right, at=at)
    assert accepted.state == "REVIEW"
    told = [e.operation for e in RecordEntry.objects.filter(subject=case.subject).order_by("seq")]
    assert [t for t in told if "papers" in t] == ["cases.hand_over_papers", "cases.confirm_papers"]


@pytest.mark.row("R018")
def test_the_applicant_loses_no_day(at: datetime) -> None:
    case = taken_in(at=at)
    due = case.receipt_due_on
    later = at + timedelta(days=1)
    taking_in.hand_over(
        case_ids=[case.pk],
        way="POST",
        parcel_number="EMS123456",
        actor=actor(TAKER, later),
        at=later,
    )
    taking_in.confirm(case_ids=[case.pk], actor=actor(RIGHT, later), at=later)
    whole = whole_case(case.pk, actor=actor(RIGHT, later))
    assert whole.clocks.receipt is not None
    assert whole.clocks.receipt.timeline.started == at, (
        "the clock does not begin with the taking-in"
    )
    assert whole.case.receipt_due_on == due


@pytest.mark.row("R018")
def test_the_receipt_says_who_really_handles_it_and_by_when_it_is_handed_over(at: datetime) -> None:
    case = taken_in(at=at)
    make_documents(case, at)
    slip = str(LegalDocument.objects.get(subject=case.subject, kind="RECEIPT").content)
    for words in ("桃林区政务服务大厅 A01 窗口代收", "椰城市政务服务大厅", "最迟 2026年3月3日"):
        assert words in slip


@pytest.mark.row("R018")
def test_the_taking_window_sees_where_it_stands_and_decides_nothing(at: datetime) -> None:
    taker = actor(TAKER, at)
    case = taken_in(at=at)
    assert visible_case(case.pk, actor=taker).pk == case.pk
    with pytest.raises(AccessDeniedError):
        receiving.accept(case_id=case.pk, actor=taker, at=at)
    with pytest.raises(AccessDeniedError):
        receiving.request_correction(case_id=case.pk, items=[("图", "缺章")], actor=taker, at=at)
    with pytest.raises(AccessDeniedError):
        receiving.open_material(case_id=case.pk, code=papers_of(ESTATE, at)[0], actor=taker, at=at)
    with pytest.raises(AccessDeniedError):
        deciding.decline(
            case_id=case.pk, ground="OTHER", facts="无", reason="无", article="无",
            right_organ="", actor=taker, at=at,
        )  # fmt: skip
    assert cases_to_accept(actor=taker).cases == []


@pytest.mark.row("R018")
def test_a_third_hall_sees_nothing(at: datetime) -> None:
    case = taken_in(at=at)
    other = hall("third", "990103000000", [ESTATE])
    third = moved_to("lin-window", other.windows.get(), at)
    with pytest.raises(CaseNotFoundError):
        visible_case(case.pk, actor=third)
    with pytest.raises(CaseNotFoundError):
        taking_in.confirm(case_ids=[case.pk], actor=third, at=at)
    for read in (reads.to_hand_over, reads.to_confirm, reads.taken_in):
        assert read(actor=third).rows == []


@pytest.mark.row("R018")
def test_a_paper_that_is_still_under_way_cannot_be_checked_against_the_original(
    at: datetime,
) -> None:
    right = actor(RIGHT, at)
    case = taken_in(at=at)
    code, other = papers_of(ESTATE, at)
    with pytest.raises(NotNowError, match="在途"):
        receiving.open_material(case_id=case.pk, code=code, actor=right, at=at)
    with pytest.raises(InvalidInputError) as refused:
        receiving.accept(case_id=case.pk, actor=right, at=at)
    assert "还在途中" in refused.value.fields[code]
    receiving.receive_paper(case_id=case.pk, code=code, actor=right, at=at)
    assert list(row_of(case).under_way) == [other], "what was brought to the window still travels"
    receiving.open_material(case_id=case.pk, code=code, actor=right, at=at)


@pytest.mark.row("R018")
def test_a_batch_goes_on_one_list_with_one_number(at: datetime) -> None:
    taker = actor(TAKER, at)
    cases = [taken_in(at=at) for _ in range(3)]
    made = taking_in.hand_over(
        case_ids=[c.pk for c in cases], way="INTERNAL", parcel_number="", actor=taker, at=at
    )
    assert {row_of(c).hand_over_id for c in cases} == {made.pk}
    assert [line["case"] for line in made.lines] == [c.pk for c in cases]
    assert made.number.startswith("20260302-")
    with pytest.raises(TransitionNotAllowedError):
        taking_in.hand_over(
            case_ids=[cases[0].pk], way="INTERNAL", parcel_number="", actor=taker, at=at
        )
    assert PapersHandOver.objects.count() == 1
    assert taking_in.confirm(case_ids=[c.pk for c in cases], actor=actor(RIGHT, at), at=at) == 3


def test_one_list_goes_to_one_receiver(at: datetime) -> None:
    other = hall("near", "990102001000", ["road-excavation"])
    cases = [taken_in(at=at), taken_in("road-excavation", at=at, hand_to=other.slug)]
    assert cases[1].hall == other
    with pytest.raises(InvalidInputError, match="1 处"):
        taking_in.hand_over(
            case_ids=[c.pk for c in cases],
            way="INTERNAL",
            parcel_number="",
            actor=actor(TAKER, at),
            at=at,
        )


def test_by_post_it_takes_a_parcel_number(at: datetime) -> None:
    case = taken_in(at=at)
    for way, name in (("POST", "parcel_number"), ("PIGEON", "way")):
        with pytest.raises(InvalidInputError) as refused:
            taking_in.hand_over(
                case_ids=[case.pk], way=way, parcel_number="", actor=actor(TAKER, at), at=at
            )
        assert name in refused.value.fields


@pytest.mark.row("R018")
def test_what_is_missing_is_told_to_the_taking_window_and_handed_over_again(at: datetime) -> None:
    taker, right = actor(TAKER, at), actor(RIGHT, at)
    case = taken_in(at=at)
    lost, there = papers_of(ESTATE, at)
    who = {"case_ids": [case.pk], "way": "INTERNAL", "parcel_number": "", "actor": taker, "at": at}
    first = taking_in.hand_over(**who)
    taking_in.report_missing(
        case_id=case.pk, missing=[lost], note="信封是空的。", actor=right, at=at
    )
    row = reads.to_hand_over(actor=taker).rows[0]
    assert (row.case_id, row.state) == (case.pk, "SHORT")
    assert "信封是空的" in row.missing
    receiving.open_material(case_id=case.pk, code=there, actor=right, at=at)
    with pytest.raises(NotNowError):
        receiving.open_material(case_id=case.pk, code=lost, actor=right, at=at)
    again = taking_in.hand_over(**who)
    assert again.pk != first.pk
    assert len(again.lines[0]["papers"]) == 1, "what has arrived is handed over again"
    taking_in.confirm(case_ids=[case.pk], actor=right, at=at)
    assert row_of(case).missing == ""
    receiving.open_material(case_id=case.pk, code=lost, actor=right, at=at)


def test_nothing_missing_is_no_report(at: datetime) -> None:
    case = taken_in(at=at)
    with pytest.raises(TransitionNotAllowedError):
        taking_in.report_missing(
            case_id=case.pk, missing=[], note="", actor=actor(RIGHT, at), at=at
        )
    taking_in.hand_over(
        case_ids=[case.pk], way="INTERNAL", parcel_number="", actor=actor(TAKER, at), at=at
    )
    with pytest.raises(InvalidInputError):
        taking_in.report_missing(
            case_id=case.pk, missing=["nothing"], note="", actor=actor(RIGHT, at), at=at
        )


@pytest.mark.row("R018")
def test_papers_are_completed_until_they_are_handed_over(at: datetime) -> None:
    taker = actor(TAKER, at)
    case = taken_in(at=at, paper=[])
    assert row_of(case).state == "ELECTRONIC", "papers are waited for that nobody has"
    code = papers_of(ESTATE, at)[0]
    complete = {"case_id": case.pk, "files": {}, "actor": taker, "at": at}
    taking_in.complete_papers(paper=[code], **complete)
    assert (row_of(case).state, list(row_of(case).papers)) == ("IN_HAND", [code])
    with pytest.raises(AccessDeniedError):
        taking_in.complete_papers(paper=[code], **complete | {"actor": actor(RIGHT, at)})
    with pytest.raises(InvalidInputError):
        taking_in.complete_papers(paper=[], **complete)
    taking_in.complete_papers(paper=[], **complete | {"files": {code: ("新.pdf", PDF)}})
    taking_in.hand_over(case_ids=[case.pk], way="INTERNAL", parcel_number="", actor=taker, at=at)
    with pytest.raises(TransitionNotAllowedError):
        taking_in.complete_papers(paper=[code], **complete)


@pytest.mark.row("R018")
def test_the_right_hall_is_in_the_same_area_tree_and_the_clerk_chooses_among_several(
    at: datetime,
) -> None:
    taker = actor(TAKER, at)
    hall("elsewhere", "990103000000", [ESTATE])
    assert begun(ESTATE, by=taker, at=at).hall.slug == "yecheng-hall", "澄湾区 is another tree"
    hall("nearer", "990102001000", [ESTATE])
    with pytest.raises(InvalidInputError) as refused:
        begun(ESTATE, by=taker, at=at)
    assert "nearer大厅" in refused.value.fields["hand_to"]
    assert begun(ESTATE, by=taker, at=at, hand_to="nearer").hall.slug == "nearer"
    with pytest.raises(InvalidInputError):
        begun(ESTATE, by=taker, at=at, hand_to="elsewhere")


@pytest.mark.row("R018")
def test_what_another_window_of_the_same_hall_has_stays_in_the_hall(at: datetime) -> None:
    taker = actor(TAKER, at)
    here = Window.objects.get(hall__slug="taolin-hall", number="A02")
    here.package = [*here.package, ESTATE]
    here.save()
    draft = begun(ESTATE, by=taker, at=at)
    assert (draft.hall.slug, draft.taken_in_window.number) == ("taolin-hall", "A01")


@pytest.mark.row("R018")
def test_where_no_hall_has_the_item_the_organ_itself_receives_it(at: datetime) -> None:
    taker = actor(TAKER, at)
    city = Window.objects.get(hall__slug="yecheng-hall", number="A01")
    city.package = [code for code in city.package if code != ESTATE]
    city.save()
    case = taken_in(at=at)
    organ = Organ.objects.get(slug="yecheng-realestate")
    assert (row_of(case).receiver, case.hall.slug) == (f"organ:{organ.pk}", "taolin-hall")
    made = taking_in.hand_over(
        case_ids=[case.pk], way="INTERNAL", parcel_number="", actor=taker, at=at
    )
    assert made.receiver_name == organ.name
    with pytest.raises(AccessDeniedError):
        taking_in.confirm(case_ids=[case.pk], actor=taker, at=at)
    from yiwang.apps.people.models import Role

    role = Role.objects.get(code="reviewer")
    role.permissions = [*role.permissions, "cases.accept"]
    role.save()
    own = actor("feng-review", at)
    taking_in.confirm(case_ids=[case.pk], actor=own, at=at)
    tick_all(case, clerk=own, at=at)
    assert receiving.accept(case_id=case.pk, actor=own, at=at).state == "REVIEW"


def test_a_closed_window_makes_no_item_resident(at: datetime) -> None:
    city = Window.objects.get(hall__slug="yecheng-hall", number="A01")
    other = hall("open", "990100000000", [ESTATE])
    city.valid_until = date(2026, 1, 1)
    city.save()
    assert begun(ESTATE, by=actor(TAKER, at), at=at).hall == other


def test_an_item_of_the_package_is_not_taken_in_for_anybody(at: datetime) -> None:
    draft = begun("food-business-licence", by=actor(TAKER, at), at=at)
    assert (draft.hall.slug, draft.taken_in_window_id) == ("taolin-hall", None)


@pytest.mark.row("R018")
def test_papers_not_handed_over_in_a_working_day_are_marked(at: datetime) -> None:
    case = taken_in(at=at)
    row = row_of(case)
    assert row.hand_over_due_on == date(2026, 3, 3)
    assert not row.is_overdue(date(2026, 3, 3))
    assert row.is_overdue(date(2026, 3, 4))
    taking_in.hand_over(
        case_ids=[case.pk], way="INTERNAL", parcel_number="", actor=actor(TAKER, at), at=at
    )
    assert not row_of(case).is_overdue(date(2026, 3, 9))


@pytest.mark.row("R018")
def test_the_applicant_is_told_that_it_was_taken_in_and_handed_over(at: datetime) -> None:
    case = taken_in(at=at)
    drain(at=at)
    text = Message.objects.filter(subject=case.subject, kind="cases.progress").first().body
    assert "桃林区政务服务大厅代收" in text
    assert "椰城市政务服务大厅办理" in text
    taking_in.hand_over(
        case_ids=[case.pk], way="INTERNAL", parcel_number="", actor=actor(TAKER, at), at=at
    )
    drain(at=at)
    text = Message.objects.filter(subject=case.subject, kind="cases.handed_over").first().body
    assert "已由桃林区政务服务大厅内部流转移交椰城市政务服务大厅" in text


@pytest.mark.row("R018")
def test_a_correction_may_be_brought_to_the_same_counter(at: datetime) -> None:
    taker, right = actor(TAKER, at), actor(RIGHT, at)
    case = taken_in(at=at)
    code = papers_of(ESTATE, at)[0]
    who = {"case_ids": [case.pk], "way": "INTERNAL", "parcel_number": "", "actor": taker, "at": at}
    taking_in.hand_over(**who)
    receiving.request_correction(case_id=case.pk, items=[("合同", "缺页")], actor=right, at=at)
    supply = {"case_id": case.pk, "actor": taker, "at": at}
    with pytest.raises(InvalidInputError, match="还在移交途中"):
        receiving.supply_correction(paper=[code], **supply)
    taking_in.confirm(case_ids=[case.pk], actor=right, at=at)
    receiving.supply_correction(paper=[code], **supply)
    row = row_of(case)
    assert (row.state, list(row.under_way), row.hand_over_id) == ("IN_HAND", [code], None)
    with pytest.raises(NotNowError):
        receiving.open_material(case_id=case.pk, code=code, actor=right, at=at)
    made = taking_in.hand_over(**who)
    assert len(made.lines[0]["papers"]) == 1
    taking_in.confirm(case_ids=[case.pk], actor=right, at=at)
    receiving.open_material(case_id=case.pk, code=code, actor=right, at=at)


@pytest.mark.row("R018")
def test_a_result_that_stays_with_the_taking_hall_is_handed_out_there(at: datetime) -> None:
    here = Window.objects.get(hall__slug="taolin-hall", number="A02")
    here.package = [*here.package, ESTATE]
    here.save()
    taker, other = actor(TAKER, at), actor("lin-window", at)
    case = taken_in(at=at, paper=[])
    tick_all(case, clerk=other, at=at)
    receiving.accept(case_id=case.pk, actor=other, at=at)
    reviewed(case, reviewer=actor("feng-review", at), at=at)
    deciding.grant(case_id=case.pk, actor=actor("chu-approve", at), at=at)
    make_documents(case, at)
    assert [one.pk for one in cases_to_deliver(actor=taker).cases] == [case.pk]
    code = delivering.pickup_code_of(case)
    done = delivering.deliver_at_window(case_id=case.pk, code=code, actor=taker, at=at)
    assert done.state == "COMPLETED"


def test_a_hall_does_not_close_on_papers_in_its_hand(at: datetime) -> None:
    case = taken_in(at=at)
    wanted = (PlaceKind.HALL, case.taken_in_hall_id, at.date())
    assert [one.what for one in cases_that_keep_open(*wanted)] == [
        f"代收待移交的材料 {case.short_number} {case.item_name}"
    ]
    taking_in.hand_over(
        case_ids=[case.pk], way="INTERNAL", parcel_number="", actor=actor(TAKER, at), at=at
    )
    assert cases_that_keep_open(*wanted) == []


def test_the_lists_take_few_statements_however_long(at: datetime) -> None:
    taker, right = actor(TAKER, at), actor(RIGHT, at)
    cases = [taken_in(at=at) for _ in range(4)]
    with at_most(4):
        assert len(reads.to_hand_over(actor=taker).rows) == 4
    taking_in.hand_over(
        case_ids=[c.pk for c in cases], way="INTERNAL", parcel_number="", actor=taker, at=at
    )
    with at_most(4):
        assert len(reads.to_confirm(actor=right).rows) == 4
    with at_most(14):
        whole_case(Case.objects.latest("pk").pk, actor=right)
