"""A bad rating: its two tasks, its limits by the calendar, its way to the end; and the figures."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.acting import actor
from tests.integration.rating import bad, rated, visited

from yiwang.apps.ratings import queries
from yiwang.apps.ratings.domain.figures import FIGURES
from yiwang.apps.ratings.errors import InvalidActError, NotNowError, RatingNotFoundError
from yiwang.apps.ratings.figures import Wanted, figures, rows_of
from yiwang.apps.ratings.models import BadRating, Rating, RatingInvitation, RatingTask
from yiwang.apps.ratings.operations import handling
from yiwang.apps.ratings.seeing import organs_of
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.models import OutboxEvent
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
UNIT, CHARGE, OTHER, WATCH = "luo-liaison", "sun-approve", "fan-liaison", "tang-supervise"
TEXT = "已调取录像并向本人说明。"


def do(act: Any, row: BadRating, login: str, at: datetime, **more: Any) -> BadRating:
    done: BadRating = act(bad_rating_id=row.pk, text=TEXT, actor=actor(login, at), at=at, **more)
    return done


def tasks(row: BadRating) -> dict[str, RatingTask]:
    return {task.kind: task for task in RatingTask.objects.filter(bad_rating=row)}


def remedied(row: BadRating, at: datetime) -> BadRating:
    """Verified, remedied and approved."""
    do(handling.verify, row, UNIT, at, verdict="FOUNDED")
    do(handling.remedy, row, UNIT, at)
    return do(handling.approve, row, CHARGE, at, is_approved=True)


@pytest.mark.row("R170")
def test_a_named_bad_rating_is_closed_by_its_call_back_only(at: datetime) -> None:
    row = bad(at)
    assert set(tasks(row)) == {"CALLBACK", "REMEDIATION"}
    assert row.organ.slug == "taolin-centre"
    do(handling.contact, row, UNIT, at, reached=True)
    row = remedied(row, at)
    assert (row.state, row.ended_at) == ("TO_CALL_BACK", None)
    assert tasks(row)["REMEDIATION"].ended == "DONE"
    assert tasks(row)["CALLBACK"].closed_at is None
    with pytest.raises(IntegrityError, match="bad_rating_closed_whole"), transaction.atomic():
        BadRating.objects.filter(pk=row.pk).update(state="CLOSED", ended_at=at)
    row = do(handling.call_back, row, UNIT, at, is_satisfied=True)
    assert row.state == "CLOSED"
    assert {task.ended for task in tasks(row).values()} == {"DONE"}


@pytest.mark.row("R170")
def test_an_anonymous_one_ends_with_the_reason_that_nobody_can_be_called(at: datetime) -> None:
    row = bad(at, is_anonymous=True)
    assert tasks(row)["CALLBACK"].ended == "UNREACHABLE"
    with pytest.raises(NotNowError, match="匿名"):
        do(handling.contact, row, UNIT, at, reached=True)
    assert remedied(row, at).state == "CLOSED"


@pytest.mark.row("R170")
def test_a_service_is_rated_once_and_a_good_rating_makes_no_task(at: datetime) -> None:
    rated(visited(at), "SATISFIED", at)
    assert not BadRating.objects.exists()
    number = RatingInvitation.objects.get().number
    with pytest.raises(IntegrityError, match="invitation_number"), transaction.atomic():
        one = RatingInvitation.objects.get()
        RatingInvitation.objects.create(
            subject=one.subject, number=number, point="ISSUE", case_id=1, organ_id=1, party_id=1,
            token_hash=b"x", invited_at=at, item_name="x", short_number="x",
        )  # fmt: skip


def test_limits_are_working_days_of_the_calendar(at: datetime) -> None:
    row = bad(at)  # Monday 2 March 2026
    assert tasks(row)["CALLBACK"].due_on == date(2026, 3, 3)
    assert tasks(row)["REMEDIATION"].due_on == date(2026, 3, 9)
    assert "德州" in tasks(row)["REMEDIATION"].rule
    do(handling.verify, row, UNIT, at, verdict="REASONABLE")
    do(handling.ledger, row, UNIT, at)
    assert tasks(row)["REMEDIATION"].due_on == date(2026, 3, 23)
    with pytest.raises(NotNowError, match="不能再延长"):
        do(handling.ledger, row, UNIT, at)
    holiday = bad(datetime.fromisoformat("2026-09-30T10:00:00+08:00"))
    assert tasks(holiday)["CALLBACK"].due_on == date(2026, 10, 8), "after the national holiday"


def test_what_is_late_is_told_once_and_its_reminders_are_true(at: datetime) -> None:
    row, quick = bad(at), bad(at)
    do(handling.contact, quick, UNIT, at, reached=True)
    drain(at=at)
    assert Message.objects.filter(subject=row.subject, occasion__startswith="opened").exists()
    for day in (1, 2, 3, 9):
        sweep(at=at.replace(hour=0, minute=30) + timedelta(days=day))
    events = OutboxEvent.objects.filter(name="RemediationOverdue").order_by("id")
    told = Counter((e.payload["bad_rating_id"], e.payload["task"]) for e in events)
    assert told == {
        (row.pk, "CALLBACK"): 1,
        (row.pk, "REMEDIATION"): 1,
        (quick.pk, "REMEDIATION"): 1,
    }
    assert all(e.payload["organ_id"] == row.organ_id for e in events)
    remedied(row, at + timedelta(days=9))
    send_pending(at=at + timedelta(days=9))
    status = dict(
        Message.objects.filter(kind="ratings.due", occasion__startswith="REMEDIATION").values_list(
            "subject", "status"
        )
    )
    assert status == {row.subject: "WITHDRAWN", quick.subject: "SENT"}


def test_out_of_the_figures_only_by_a_second_person(at: datetime) -> None:
    row = bad(at)
    do(handling.verify, row, UNIT, at, verdict="MALICIOUS")
    assert BadRating.objects.get(pk=row.pk).state == "DISPUTED"
    with pytest.raises(AccessDeniedError):
        do(handling.review, row, UNIT, at, exclude=True)
    organs = organs_of(actor(WATCH, at))
    before = figures(organs=organs, first=at.date(), last=at.date()).total.rates["good"]
    assert before.denominator == 1
    row = do(handling.review, row, WATCH, at, exclude=True)
    assert (row.state, {t.ended for t in tasks(row).values()}) == ("EXCLUDED", {"EXCLUDED"})
    after = figures(organs=organs, first=at.date(), last=at.date()).total.rates
    assert [rate.denominator for rate in after.values()] == [0] * len(FIGURES)
    assert [r.row for r in queries.bad_ratings(actor=actor(UNIT, at), which="all").ratings] == [row]
    with (
        pytest.raises(IntegrityError, match="bad_rating_excluded_by_two"),
        transaction.atomic(),
    ):
        BadRating.objects.filter(pk=row.pk).update(reviewed_by=row.disputed_by)


def test_a_dispute_that_is_not_upheld_is_remedied(at: datetime) -> None:
    row = bad(at)
    do(handling.verify, row, UNIT, at, verdict="MISTAKEN")
    row = do(handling.review, row, WATCH, at, exclude=False)
    assert (row.state, row.verdict) == ("REMEDYING", "REASONABLE")


def test_who_may_do_what_and_in_which_order(at: datetime) -> None:
    row = bad(at)
    for login in (OTHER, "chen-window", "zhao-review"):
        with pytest.raises(RatingNotFoundError):
            do(handling.verify, row, login, at, verdict="FOUNDED")
    with pytest.raises(AccessDeniedError):
        do(handling.verify, row, WATCH, at, verdict="FOUNDED")
    with pytest.raises(TransitionNotAllowedError):
        do(handling.remedy, row, UNIT, at)
    with pytest.raises(InvalidActError):
        do(handling.verify, row, UNIT, at, verdict="NONE")
    do(handling.verify, row, UNIT, at, verdict="FOUNDED")
    do(handling.remedy, row, UNIT, at)
    with pytest.raises(AccessDeniedError):
        do(handling.approve, row, UNIT, at, is_approved=True)
    row = do(handling.approve, row, CHARGE, at, is_approved=False)
    assert row.state == "REMEDYING"


def test_nobody_who_handles_learns_who_rated_anonymously(at: datetime) -> None:
    row = bad(at, is_anonymous=True)
    party = row.rating.invitation.party_id
    for login in (UNIT, CHARGE, WATCH):
        said = queries.whole(row.pk, actor=actor(login, at)).said
        assert (said.person, said.number, said.on) == ("匿名", "", "2026-03-02")
        wanted = Wanted("active", True, at.date(), at.date())
        rows, _ = rows_of(wanted, organs=organs_of(actor(login, at)))
        assert [(one.said.person, one.said.number) for one in rows if one.said] == [("匿名", "")]
    drain(at=at)
    told = RecordEntry.objects.filter(subject__regex="^(bad_rating|rating_invitation):")
    assert all("applicant" not in e.facts and str(party) != e.facts.get("party") for e in told)
    assert {e.actor for e in told} == {"applicant:token", "system:rating"}
    named = queries.whole(bad(at).pk, actor=actor(UNIT, at)).said
    assert named.person.startswith("林") and "满" not in named.person[1:2]
    assert named.number.startswith("到窗")


def recount(first: date, last: date) -> dict[str, tuple[int, int]]:
    """The seven figures again, from the rows and without SQL of the figures."""
    good = {"VERY_SATISFIED", "SATISFIED", "BASICALLY_SATISFIED"}
    ratings = {r.invitation_id: r for r in Rating.objects.all()}
    handled = {b.rating_id: b for b in BadRating.objects.all()}
    found: Counter[tuple[str, int]] = Counter()
    for row in RatingInvitation.objects.all():
        rating = ratings.get(row.pk)
        case = handled.get(rating.pk) if rating else None
        if not first <= row.invited_at.date() <= last or (case and case.state == "EXCLUDED"):
            continue
        liked, is_bad = rating is not None and rating.satisfaction in good, case is not None
        for code, top, all_ in (
            ("good", liked, rating is not None),
            ("active-good", liked, rating is not None),
            ("active", rating is not None, True),
            ("unrated", rating is None, True),
            ("replied", bool(case and case.replied_at), is_bad),
            ("remedied", bool(case and case.remedied_at), is_bad),
            ("call-back", bool(case and case.is_satisfied), bool(case and case.called_back_at)),
        ):
            found[code, 0] += all_ and top
            found[code, 1] += all_
    return {f.code: (found[f.code, 0], found[f.code, 1]) for f in FIGURES}


@pytest.mark.row("R171")
def test_figures_equal_a_recount_and_open_to_their_rows(at: datetime) -> None:
    for grade in ("VERY_SATISFIED", "SATISFIED", "BASICALLY_SATISFIED"):
        rated(visited(at), grade, at)
    for _ in range(2):
        visited(at)
    rated(visited(at - timedelta(days=40)), "SATISFIED", at)
    do(handling.call_back, remedied(bad(at), at), UNIT, at, is_satisfied=True)
    do(handling.call_back, remedied(bad(at), at), UNIT, at, is_satisfied=False)
    remedied(bad(at, is_anonymous=True), at)
    bad(at)
    gone = bad(at)
    do(handling.verify, gone, UNIT, at, verdict="MISTAKEN")
    do(handling.review, gone, WATCH, at, exclude=True)
    organs, day = organs_of(actor(WATCH, at)), at.date()
    found = figures(organs=organs, first=day, last=day)
    counted = {c: (r.numerator, r.denominator) for c, r in found.total.rates.items()}
    assert counted == recount(day, day)
    assert counted["good"] == (3, 7) and counted["active"] == (7, 9)
    assert counted["unrated"] == (2, 9) and counted["call-back"] == (1, 2)
    expected = (Decimal(300) / 7).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    assert found.total.rates["good"].percent == expected
    assert [line.rates for line in found.organs] == [found.total.rates]
    for code, sides in counted.items():
        for is_top, number in zip((True, False), sides, strict=True):
            wanted = Wanted(code, is_top, day, day)
            assert len(rows_of(wanted, organs=organs, size=100)[0]) == number
    nobody = figures(organs=organs_of(actor(OTHER, at)), first=day, last=day)
    assert nobody.total.rates["active"].denominator == 0


@pytest.mark.row("R066")
def test_a_default_rating_were_there_one_is_never_an_active_one(at: datetime) -> None:
    rated(visited(at), "SATISFIED", at)
    row = visited(at)
    visited(at)
    with connection.cursor() as cursor:  # what nothing here can do: past every trigger
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO ratings_rating (invitation_id, token, kind, satisfaction, tags, text, "
            "is_anonymous, channel, rated_at) VALUES "
            "(%s, '', 'DEFAULT', 'BASICALLY_SATISFIED', '[]', '', false, 'RULE', %s)",
            [row.pk, at],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    day = at.date()
    rates = figures(organs=organs_of(actor(WATCH, at)), first=day, last=day).total.rates
    sides = {code: (rate.numerator, rate.denominator) for code, rate in rates.items()}
    assert sides["active"] == (1, 3)
    assert sides["active-good"] == (1, 1)
    assert (sides["good"], sides["unrated"]) == ((2, 2), (1, 3))


def test_the_longest_words_that_are_allowed_are_kept_whole(at: datetime) -> None:
    row, words = bad(at), "说" * handling.LONGEST
    who = {"bad_rating_id": row.pk, "actor": actor(UNIT, at), "at": at}
    handling.contact(reached=False, text=words, **who)
    handling.verify(verdict="REASONABLE", text=words, **who)
    assert all(step.text.endswith(words) for step in row.steps.order_by("id")[1:])


def test_figures_take_two_statements_however_many_ratings(at: datetime) -> None:
    organs = organs_of(actor(WATCH, at))
    for _ in range(3):
        bad(at)
        with CaptureQueriesContext(connection) as captured:
            figures(organs=organs, first=at.date(), last=at.date())
        assert len(captured) == 2


def test_a_state_changed_by_hand_is_named(at: datetime, tmp_path: Path) -> None:
    row = bad(at)
    assert [f for f in verify_all(tmp_path).findings if f[0] == row.subject] == []
    BadRating.objects.filter(pk=row.pk).update(state="REMEDYING")
    assert [f[0] for f in verify_all(tmp_path).findings if f[0] == row.subject] == [row.subject]
