"""One service, one token, one rating: of a case's points and of visits; nobody else can make one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from tests.acting import accepted, actor, make_documents
from tests.integration.certifying import granted
from tests.integration.rating import rated, visited

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import delivering
from yiwang.apps.people.public import InvalidPartyError
from yiwang.apps.ratings.domain.vocabulary import RatingPoint
from yiwang.apps.ratings.errors import (
    AlreadyRatedError,
    InvalidActError,
    NotTheApplicantError,
    ServiceNotFoundError,
    UnknownTokenError,
)
from yiwang.apps.ratings.models import Rating, RatingInvitation, RatingShowing, Visit
from yiwang.apps.ratings.operations import visiting
from yiwang.apps.ratings.operations.inviting import token_of, token_of_invitation
from yiwang.apps.ratings.operations.rating import rate
from yiwang.foundation.access import AccessDeniedError, system_actor
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.postgres.cluster import APP_ROLE
from yiwang.foundation.timers.sweep import sweep

pytestmark = pytest.mark.django_db
PLACE = {"host", "port", "dbname", "user", "password"}
LOGINS = {"citizen": "lin-xiaoman", "clerk": "chen-window", "reviewer": "zhao-review",
          "approver": "sun-approve"}  # fmt: skip


def people(at: datetime) -> dict[str, Any]:
    return {name: actor(login, at) for name, login in LOGINS.items()}


def a_case(at: datetime) -> Case:
    who = people(at)
    case = accepted(
        "food-business-licence", by=who["citizen"], clerk=who["clerk"], at=at, hall="taolin-hall"
    )
    drain(at=at)
    return case


def finished(at: datetime) -> Case:
    who = people(at)
    case = granted(who, at)
    make_documents(case, at)
    delivering.deliver_at_window(
        case_id=case.pk, code=delivering.pickup_code_of(case), actor=who["clerk"], at=at
    )
    drain(at=at)
    return case


@pytest.mark.row("R172")
def test_acceptance_and_issue_are_two_points_of_a_case(at: datetime) -> None:
    case = finished(at)
    rows = list(RatingInvitation.objects.filter(case_id=case.pk).order_by("number"))
    assert [(r.point, r.number, r.subject) for r in rows] == [
        ("ACCEPTANCE", 1, f"case:{case.pk}"),
        ("ISSUE", 2, f"case:{case.pk}"),
    ]
    rated(rows[0], "SATISFIED", at)
    rated(rows[1], "VERY_SATISFIED", at)
    for row in rows:
        with pytest.raises(AlreadyRatedError):
            rated(row, "SATISFIED", at)
    titles = set(Message.objects.filter(kind="ratings.invitation").values_list("title", flat=True))
    assert titles == {"受理环节办得怎么样", "请您评价这次办理"}
    for clerk in ("chen-window", "sun-approve"):
        with pytest.raises(NotTheApplicantError):
            rate(
                token=token_of(case.pk),
                satisfaction="VERY_SATISFIED",
                actor=actor(clerk, at),
                at=at,
            )


def test_the_window_shows_the_point_the_case_has_come_to(at: datetime) -> None:
    clerk = actor("chen-window", at)
    case = a_case(at)
    row = visiting.offer(case_id=case.pk, actor=clerk, at=at)
    assert row.point == RatingPoint.ACCEPTANCE
    done = finished(at)
    assert visiting.offer(case_id=done.pk, actor=clerk, at=at).point == RatingPoint.ISSUE
    assert RatingInvitation.objects.filter(case_id=done.pk).count() == 2
    with pytest.raises(ServiceNotFoundError):
        visiting.offer(case_id=case.pk, actor=actor("he-window", at), at=at)
    with pytest.raises(AccessDeniedError):
        visiting.offer(case_id=case.pk, actor=actor("zhao-review", at), at=at)


def test_every_visit_has_an_invitation_of_its_own(at: datetime) -> None:
    first, second = visited(at), visited(at + timedelta(hours=1))
    assert token_of_invitation(first) != token_of_invitation(second)
    rated(first, "SATISFIED", at)
    rated(second, "SATISFIED", at)
    visit = Visit.objects.get(pk=first.visit_id)
    assert (visit.window.number, visit.organ.slug) == ("A01", "taolin-centre")


def test_a_visit_is_for_ones_own_hall_and_says_what_is_missing(at: datetime) -> None:
    case = a_case(at)
    with pytest.raises(InvalidActError) as caught:
        visited(at, kind="NONE", matter="")
    assert set(caught.value.fields) == {"kind", "matter"}
    with pytest.raises(InvalidActError) as caught:
        visited(at, clerk="he-window", kind="CASE_ACT", case_number=case.short_number)
    assert set(caught.value.fields) == {"case_number"}
    with pytest.raises(InvalidPartyError) as other:
        visited(at, paper_number="590102198812030424", name="叶鹰")
    assert set(other.value.fields) == {"name"}
    row = visited(at, kind="CASE_ACT", case_number=case.short_number)
    assert row.item_name == case.item_name
    with pytest.raises(AccessDeniedError):
        visited(at, clerk="zhao-review")


@pytest.mark.row("R069")
def test_every_asking_is_recorded_and_staff_cannot_fill_it_in(at: datetime) -> None:
    case = finished(at)
    clerk = actor("chen-window", at)
    row = visiting.offer(case_id=case.pk, actor=clerk, at=at)
    for _ in range(2):
        visiting.show(invitation_id=row.pk, actor=clerk, at=at)
    told = RatingShowing.objects.filter(invitation=row).order_by("id").values_list("way", "by")
    assert list(told) == [
        ("MESSAGE", "system:message"),
        ("WINDOW_SCREEN", clerk.ref),
        ("WINDOW_SCREEN", clerk.ref),
    ]
    with pytest.raises(ServiceNotFoundError):
        visiting.show(invitation_id=row.pk, actor=actor("he-window", at), at=at)
    with pytest.raises(NotTheApplicantError):
        rate(token=token_of(case.pk), satisfaction="SATISFIED", actor=clerk, at=at)
    with pytest.raises(NotTheApplicantError):
        rate(token=token_of(case.pk), satisfaction="SATISFIED", actor=system_actor("timer"), at=at)
    assert not Rating.objects.exists()


def test_no_message_holds_a_token(at: datetime) -> None:
    row = visited(at)
    token = token_of_invitation(row)
    finished(at)
    told = Message.objects.filter(kind__startswith="ratings.")
    assert told.exists()
    assert all("/rate/" not in m.link and token not in m.link + m.body for m in told)


def test_one_reminder_after_three_natural_days_and_none_once_rated(at: datetime) -> None:
    quiet, said = visited(at), visited(at)
    rated(said, "SATISFIED", at)
    sweep(at=at + timedelta(days=3) - timedelta(seconds=1))
    assert not Message.objects.filter(kind="ratings.reminder").exists()
    for days in (3, 4, 8):
        sweep(at=at + timedelta(days=days))
    told = Message.objects.filter(kind="ratings.reminder")
    assert {m.subject for m in told} == {quiet.subject}
    assert not Rating.objects.filter(invitation=quiet).exists(), "never a default rating"
    rated(quiet, "SATISFIED", at + timedelta(days=3))
    send_pending(at=at + timedelta(days=3))
    assert {m.status for m in told.all()} == {"WITHDRAWN"}


def insert(invitation: int, token: str, kind: str = "ACTIVE") -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
        cursor.execute(
            "INSERT INTO ratings_rating (invitation_id, token, kind, satisfaction, tags, text, "
            "is_anonymous, channel, rated_at) "
            "VALUES (%s, %s, %s, 'VERY_SATISFIED', '[]', '', false, 'ONLINE', now())",
            [invitation, token, kind],
        )


def has_app_role() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        return cursor.fetchone() is not None


def test_the_applications_role_cannot_make_change_or_take_away_a_rating(at: datetime) -> None:
    assert has_app_role()
    one, other = visited(at), visited(at)
    for token in ("guess", token_of_invitation(other)):
        with pytest.raises(Exception, match="own token"):
            insert(one.pk, token)
    with pytest.raises(Exception, match="only an applicant"):
        insert(one.pk, token_of_invitation(one), "DEFAULT")
    insert(one.pk, token_of_invitation(one))
    with pytest.raises(Exception, match="duplicate key"):
        insert(one.pk, token_of_invitation(one))
    for change in (
        "UPDATE ratings_rating SET satisfaction = 'SATISFIED'",
        "DELETE FROM ratings_rating",
        "UPDATE ratings_ratinginvitation SET party_id = 1",
        "UPDATE ratings_ratingshowing SET by = 'x'",
        "DELETE FROM ratings_visit",
    ):
        for role in (APP_ROLE, "NONE"):
            with (
                pytest.raises(Exception, match=r"permission denied|not changed|only grows"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"SET LOCAL ROLE {role}")
                cursor.execute(change)


def test_a_token_is_of_one_service_only(at: datetime) -> None:
    row = visited(at)
    rating = rated(row, "SATISFIED", at)
    assert rating.invitation_id == row.pk
    with pytest.raises(UnknownTokenError):
        rate(
            token=token_of_invitation(row) + "x",
            satisfaction="SATISFIED",
            actor=actor("lin-xiaoman", at),
            at=at,
        )


INVITED = """
INSERT INTO ratings_ratinginvitation (subject, number, point, case_id, item_code, item_name,
    short_number, organ_id, party_id, token_hash, invited_at)
VALUES ('case:9000000001', 1, 'ISSUE', 9000000001, 'x', 'x', 'x', 1, 1, sha256('at-once'), now())
RETURNING id
"""
RATED = """
INSERT INTO ratings_rating (invitation_id, token, kind, satisfaction, tags, text, is_anonymous,
    channel, rated_at) VALUES (%s, 'at-once', 'ACTIVE', %s, '[]', '', false, 'ONLINE', now())
"""


def test_of_two_at_once_one_wins() -> None:
    """Two sessions of the database with the same token: the second waits for the first, and loses."""
    where = {k: v for k, v in connection.get_connection_params().items() if k in PLACE}
    with (
        psycopg.connect(**where, autocommit=True) as owner,
        psycopg.connect(**where) as first,
        psycopg.connect(**where) as second,
        ThreadPoolExecutor(1) as pool,
    ):
        pk = owner.execute(INVITED).fetchone()[0]  # type: ignore[index]
        try:
            first.execute(RATED, [pk, "SATISFIED"])
            other = pool.submit(second.execute, RATED, [pk, "VERY_SATISFIED"])
            first.commit()
            with pytest.raises(psycopg.errors.UniqueViolation):
                other.result()
            found = owner.execute(
                "SELECT satisfaction FROM ratings_rating WHERE invitation_id = %s", [pk]
            ).fetchall()
            assert found == [("SATISFIED",)]
        finally:
            second.rollback()
            owner.execute("SET session_replication_role = replica")
            owner.execute("DELETE FROM ratings_rating WHERE invitation_id = %s", [pk])
            owner.execute("DELETE FROM ratings_ratinginvitation WHERE id = %s", [pk])
