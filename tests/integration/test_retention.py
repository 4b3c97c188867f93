"""What is not kept any longer goes; what the record names stays, and `verify` stays clean."""

from __future__ import annotations

import os
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from tests.acting import PDF, accepted, actor, deciding, draft, make_documents, received, reviewed
from tests.integration.hall import a_zone, booked, moment_at
from tests.ruling import forgetting, ruled

from yiwang.apps.cases.models import CaseMaterial, Draft
from yiwang.apps.cases.operations import drafts, ending, filing
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.hall.verifying import check_appointments
from yiwang.apps.people.models import SecurityEvent
from yiwang.foundation.environment import environment
from yiwang.foundation.files import removing
from yiwang.foundation.files.models import Attachment, StoredFile
from yiwang.foundation.files.storing import path_of, store
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.outbox.models import OutboxDelivery, OutboxEvent
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.parameters.current import declaration
from yiwang.kernel.moment import civil_date
from yiwang.site.keeping.retention import BODY_GONE, carry_out, survey
from yiwang.site.upkeep import retain_at_night
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
__all__ = ["forgetting"]
FOOD = "food-business-licence"


def a_pdf() -> bytes:
    """A content nobody else has."""
    return PDF + uuid.uuid4().bytes


def numbers(lines: list) -> dict[str, int]:
    return {line.name: line.number for line in lines}


def grow_old(*paths: Path) -> None:
    long_ago = time.time() - 3 * removing.REST
    for path in paths:
        os.utime(path, (long_ago, long_ago))


def with_file(row: Draft, content: bytes, at: datetime) -> Attachment:
    code = definition_of(row.item_version_id).materials[0].code
    return drafts.add_file(
        draft_id=row.pk, code=code, name="图.pdf", content=content,
        actor=actor("lin-xiaoman", at), at=at,
    )  # fmt: skip


def test_drafts_nobody_touched_go_with_their_files(at: datetime) -> None:
    citizen = actor("lin-xiaoman", at)
    old, fresh = draft(FOOD, by=citizen, at=at), draft(FOOD, by=citizen, at=at)
    gone, kept = with_file(old, a_pdf(), at), with_file(fresh, a_pdf(), at)
    files = [path_of(gone.file_id), path_of(kept.file_id)]
    grow_old(*files)
    later = at + timedelta(days=91)
    drafts.save_draft(draft_id=fresh.pk, form={}, actor=citizen, at=later)
    told = numbers(survey(at=later))
    assert told["草稿"] >= 1 and Draft.objects.filter(pk=old.pk).exists()  # a survey only counts
    assert numbers(carry_out(at=later))["草稿"] == told["草稿"]
    assert not Draft.objects.filter(pk=old.pk).exists()
    assert not Attachment.objects.filter(pk=gone.pk).exists()
    assert not StoredFile.objects.filter(pk=gone.file_id).exists()
    assert [path.exists() for path in files] == [False, True]
    assert Attachment.objects.filter(pk=kept.pk).exists()


def test_a_discarded_drafts_and_a_replaced_file_go_and_a_handed_in_one_stays(
    at: datetime,
) -> None:
    citizen = actor("lin-xiaoman", at)
    row = draft(FOOD, by=citizen, at=at)
    replaced = with_file(row, a_pdf(), at)
    handed_in = with_file(row, a_pdf(), at)
    case = filing.submit(draft_id=row.pk, actor=citizen, at=at)
    dropped = draft(FOOD, by=citizen, at=at)
    orphan = with_file(dropped, a_pdf(), at)
    drafts.discard_draft(draft_id=dropped.pk, actor=citizen, at=at)
    # Later replaced by a correction: the record names it, so it stays.
    material = CaseMaterial.objects.get(attachment=handed_in)
    CaseMaterial.objects.filter(pk=material.pk).update(attachment=None)
    carry_out(at=at + timedelta(hours=1))
    assert Attachment.objects.filter(pk__in=[orphan.pk, replaced.pk]).count() == 2  # too fresh
    carry_out(at=at + timedelta(days=2))
    left = set(Attachment.objects.values_list("pk", flat=True))
    assert handed_in.pk in left and not left & {orphan.pk, replaced.pk}
    assert case.pk


def test_the_record_stays_whole(at: datetime) -> None:
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    case = accepted(FOOD, by=citizen, clerk=clerk, at=at)
    reviewed(case, reviewer=actor("zhao-review", at), at=at)
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=at)
    received(FOOD, by=citizen, at=at)
    drain(at=at)
    make_documents(case, at)
    before = verify_all(environment().roots)
    done = numbers(carry_out(at=at + timedelta(days=4000)))
    after = verify_all(environment().roots)
    assert done["已投递的事件"] > 0
    assert after.findings == before.findings == []
    assert after.entries == before.entries


def test_delivered_events_go_and_waiting_ones_stay(at: datetime) -> None:
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    drain(at=at)
    waiting = OutboxEvent.objects.create(subject=case.subject, name="x.Y", payload={}, at=at)
    carry_out(at=at + timedelta(days=29))
    of_case = OutboxEvent.objects.filter(subject=case.subject)
    assert of_case.count() > 1
    carry_out(at=at + timedelta(days=31))
    assert list(of_case.values_list("pk", flat=True)) == [waiting.pk]
    assert not OutboxDelivery.objects.filter(event__subject=case.subject).exists()


def test_bodies_of_old_messages_go(at: datetime) -> None:
    common = {"kind": "k", "subject": "case:1", "recipient_id": 1, "channel": "SMS", "title": "题"}
    sent = Message.objects.create(
        **common, occasion="a", body="内容", created_at=at, status="SENT", sent_at=at
    )
    waiting = Message.objects.create(**common, occasion="b", body="内容", created_at=at)
    assert numbers(carry_out(at=at + timedelta(days=731)))["消息正文"] == 1
    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.body, sent.title, waiting.body) == (BODY_GONE, "题", "内容")
    assert numbers(carry_out(at=at + timedelta(days=731)))["消息正文"] == 0


def test_the_security_log_is_kept_for_180_days_whoever_asks(at: datetime) -> None:
    declared = declaration("keeping.security")
    assert declared is not None and declared.lowest == 180
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT people_forget_security_events(now() - interval '179 days', 1000)")
    old = SecurityEvent.objects.create(kind="X", at=at - timedelta(days=366))
    young = SecurityEvent.objects.create(kind="X", at=at - timedelta(days=364))
    carry_out(at=at)
    left = set(SecurityEvent.objects.values_list("pk", flat=True))
    assert young.pk in left and old.pk not in left


def test_ended_sessions_go(at: datetime) -> None:
    for key, days in (("ended", -1), ("running", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=at + timedelta(days=days)
        )
    carry_out(at=at)
    assert set(Session.objects.values_list("pk", flat=True)) == {"running"}


def test_files_without_a_row_go_after_a_day(at: datetime) -> None:
    folder = environment().files / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    old, fresh = folder / ("0" * 62), folder / ("1" * 62)
    for path in (old, fresh):
        path.write_bytes(b"x")
    grow_old(old)
    carry_out(at=at)
    assert not old.exists() and fresh.exists()
    fresh.unlink()


def test_a_file_that_is_stored_again_at_this_instant_stays(at: datetime) -> None:
    content = a_pdf()
    row = store(content, media_type="application/pdf", at=at - timedelta(days=5))
    path = path_of(row.pk)
    grow_old(path)
    row.delete()
    store(content, media_type="application/pdf", at=at)  # touches what is there
    assert not removing.take_away(path, since=time.time() - removing.REST)
    assert path.read_bytes() == content


def test_nothing_is_taken_while_a_backup_holds_the_files(at: datetime) -> None:
    row = store(a_pdf(), media_type="application/pdf", at=at)
    grow_old(path_of(row.pk))
    settings = connection.get_connection_params()
    kept = {k: settings[k] for k in ("dbname", "user", "host") if k in settings}
    with psycopg.connect(**kept, autocommit=True) as backup:
        backup.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [removing.LOCK])
        assert numbers(carry_out(at=at + timedelta(days=2)))["文件内容"] == 0
    assert numbers(carry_out(at=at + timedelta(days=2)))["文件内容"] >= 1
    assert not path_of(row.pk).exists()


def test_the_night_lets_go_once(at: datetime) -> None:
    marker = environment().run / "retention-done"
    marker.unlink(missing_ok=True)
    retain_at_night(at)
    assert not marker.exists()  # half past nine
    night = at.replace(hour=3)
    SecurityEvent.objects.create(kind="X", at=at - timedelta(days=400))
    retain_at_night(night)
    assert marker.read_text() == night.date().isoformat()
    assert not SecurityEvent.objects.filter(at__lt=at - timedelta(days=366)).exists()
    marker.unlink()


@pytest.mark.usefixtures("forgetting")
def test_answers_are_erased_after_their_period_and_the_record_still_verifies(
    at: datetime, tmp_path: Path
) -> None:
    citizen = actor("lin-xiaoman", at)
    case = received(FOOD, by=citizen, at=at)
    other = received(FOOD, by=citizen, at=at)
    ending.withdraw(case_id=case.pk, reason="", actor=citizen, at=at)
    carry_out(at=at + timedelta(days=4000))  # no period is set: nothing of a case goes
    assert case.contents.get().form
    ruled("keeping.forms", 3650, valid_from=civil_date(at))
    carry_out(at=at + timedelta(days=3649))
    assert case.contents.get().form
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT cases_erase_content(%s)", [case.pk])  # not without its entry
    done = carry_out(at=at + timedelta(days=3651))
    assert numbers(done)["办件的申请内容"] == 1
    assert case.contents.get().form is None
    assert other.contents.get().form  # it has not ended
    assert carry_out(at=at + timedelta(days=3652))
    findings = [f for f in verify_all(tmp_path).findings if f[0] == case.subject]
    assert findings == []


def test_what_was_wanted_at_an_appointment_goes_and_the_appointment_stays() -> None:
    zone = a_zone()
    row = booked(zone, "lin-xiaoman", item="elder-card")
    after = moment_at(row.on, "09:00") + timedelta(days=365)
    carry_out(at=after)
    row.refresh_from_db()
    assert row.wanted
    assert numbers(carry_out(at=after + timedelta(days=1)))["帮办预约里写的内容"] >= 1
    row.refresh_from_db()
    assert row.wanted is None and row.item_code == "elder-card"
    findings: list[tuple[str, str, str]] = []
    check_appointments(findings)
    assert [f for f in findings if f[0] == row.subject] == []
