"""Upkeep: what failed can be seen and tried again, the record be read and checked, counts read."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests.acting import actor, received
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.people.models import Party
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.environment import environment
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.outbox.models import OutboxEvent
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.models import Timer
from yiwang.site.failures import failures

pytestmark = pytest.mark.django_db

JOBS, MESSAGES, RECORD = "/admin/jobs/", "/admin/messages/", "/admin/record/"
TRACE = "Traceback (most recent call last):\n  File x\nValueError: 打印服务没有回应"


def a_case() -> Case:
    at = now()
    return received("food-business-licence", by=actor("lin-xiaoman", at), at=at)


def failed_event() -> OutboxEvent:
    return OutboxEvent.objects.create(
        subject="case:1", name="CaseReceived", at=now(), status="FAILED", attempts=8, error=TRACE
    )


def failed_job() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, attempts) "
            "VALUES ('documents', 'documents.make', 'failed', '{}', 8) RETURNING id"
        )
        return int(cursor.fetchone()[0])


def test_nothing_failed_is_said_so() -> None:
    text = signed_in("zhu-system").get(JOBS).content.decode()
    assert "没有失败的任务" in text


def test_a_failed_event_is_shown_with_its_reason_and_tried_again() -> None:
    client, event = signed_in("zhu-system"), failed_event()
    text = client.get(JOBS).content.decode()
    assert "ValueError: 打印服务没有回应" in text
    assert client.post(f"{JOBS}event/{event.pk}/").status_code == 303
    event.refresh_from_db()
    assert (event.status, event.attempts) == ("PENDING", 0)
    assert RecordEntry.objects.filter(subject=f"outbox:{event.pk}").exists()
    again = client.post(f"{JOBS}event/{event.pk}/", follow=True)
    assert "已经不在失败清单里" in again.content.decode()


def test_a_failed_job_is_put_back() -> None:
    number = failed_job()
    assert [job.pk for job in failures().jobs] == [number]
    assert signed_in("zhu-system").post(f"{JOBS}job/{number}/").status_code == 303
    assert failures().jobs == []


def test_a_document_that_could_not_be_made_is_queued_again() -> None:
    a_case()
    document = LegalDocument.objects.filter(status="PENDING")[0]
    LegalDocument.objects.filter(pk=document.pk).update(error=TRACE)
    client = signed_in("zhu-system")
    assert document.title in client.get(JOBS).content.decode()
    assert client.post(f"{JOBS}document/{document.pk}/").status_code == 303
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name='documents.make'")
        assert cursor.fetchone()[0] == 1


def test_a_timer_that_failed_is_looked_at_again_at_once() -> None:
    late = now() + timedelta(hours=1)
    timer = Timer.objects.create(subject="case:1", kind="x", due_at=late, attempts=3, error=TRACE)
    client = signed_in("zhu-system")
    assert client.post(f"{JOBS}timer/{timer.pk}/").status_code == 303
    timer.refresh_from_db()
    assert timer.due_at <= now()


@pytest.mark.parametrize("login", ["qin-security", "you-audit", "chen-window"])
def test_nobody_else_retries(login: str) -> None:
    event = failed_event()
    assert signed_in(login).post(f"{JOBS}event/{event.pk}/").status_code == 403
    event.refresh_from_db()
    assert event.status == "FAILED"


def message(status: str, channel: str = "SMS", body: str = "取件码 123456。") -> Message:
    recipient = Party.objects.get(account__login="lin-xiaoman")
    return Message.objects.create(
        kind="cases.pickup",
        subject="case:1",
        occasion=f"{status}{channel}{Message.objects.count()}",
        recipient_id=recipient.pk,
        channel=channel,
        title="您的证件可以领取了",
        body=body,
        status=status,
        created_at=now(),
        note="办件已经进入下一步" if status == "WITHDRAWN" else "",
    )


def test_a_withdrawn_message_is_shown_with_its_reason_and_the_recipient_masked() -> None:
    message("WITHDRAWN")
    text = signed_in("zhu-system").get(MESSAGES).content.decode()
    assert "办件已经进入下一步" in text
    assert "未发送(内容已不成立)" in text
    assert "林小满" not in text


def test_messages_are_narrowed_by_status_and_channel() -> None:
    for status, channel in (("SENT", "SMS"), ("SENT", "IN_SITE"), ("PENDING", "SMS")):
        message(status, channel)
    client = signed_in("zhu-system")
    count = lambda query: len(client.get(MESSAGES + query).context["table"]["rows"])  # noqa: E731
    assert [count("?status=SENT"), count("?channel=SMS"), count("?status=SENT&channel=SMS")] == [
        2,
        2,
        1,
    ]
    assert count("?status='--") == 3


def test_outside_the_demonstration_codes_in_messages_are_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message("SENT")
    client = signed_in("zhu-system")
    assert "取件码 123456" in client.get(MESSAGES).content.decode()
    real = dataclasses.replace(environment(), is_demo=False)
    monkeypatch.setattr("yiwang.site.pages.outbox.environment", lambda: real)
    text = client.get(MESSAGES).content.decode()
    assert "123456" not in text
    assert "••••••" in text


def test_the_record_of_one_case_is_read_and_verified() -> None:
    case = a_case()
    client = signed_in("you-audit")
    page = client.get(f"{RECORD}?subject={case.subject}&verify=1")
    assert page.context["report"].is_clean
    assert page.context["report"].entries == case.version
    assert "记录完整" in page.content.decode()
    assert client.get(f"{RECORD}?subject=办件 {case.pk}").context["subject"] == case.subject


def test_a_head_that_does_not_fit_the_record_is_found() -> None:
    case = a_case()
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    page = signed_in("you-audit").get(f"{RECORD}?subject={case.subject}&verify=1")
    assert not page.context["report"].is_clean
    assert "核验发现问题" in page.content.decode()


def test_a_subject_nobody_knows_is_neither_clean_nor_broken() -> None:
    text = signed_in("you-audit").get(f"{RECORD}?subject=case:99999&verify=1").content.decode()
    assert "没有这个对象的记录" in text
    assert "记录完整" not in text


def test_the_record_shows_no_personal_data() -> None:
    a_case()
    text = signed_in("you-audit").get(RECORD).content.decode()
    for party in Party.objects.filter(kind="NATURAL_PERSON"):
        assert party.name not in text.replace("林小满餐饮", "")
        assert party.paper_number not in text


@pytest.fixture
def a_token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("YIWANG_METRICS_TOKEN", "a-long-token")
    return "Bearer a-long-token"


def test_metrics_count_what_waits() -> None:
    failed_event()
    failed_job()
    a_case()
    text = Client().get("/metrics").content.decode()
    assert "yiwang_outbox_failed 1\n" in text
    assert 'yiwang_jobs{status="failed"} 1\n' in text
    assert 'yiwang_cases_open{state="received"}' in text
    assert text.count("# TYPE yiwang_cases_open gauge") == 1
    for line in text.splitlines():
        assert line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0


def test_metrics_take_one_statement(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        Client().get("/metrics")


@pytest.mark.parametrize(
    "request_from",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=8.8.8.8"},
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer wrong"},
        {"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_metrics_are_not_for_strangers(request_from: dict[str, str]) -> None:
    assert Client().get("/metrics", **request_from).status_code == 403


def test_metrics_open_with_the_token(a_token: str) -> None:
    response = Client().get("/metrics", REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION=a_token)
    assert response.status_code == 200


def test_seals_are_part_of_one_subjects_verification(tmp_path: Path) -> None:
    from yiwang.site.verifying import verify_subject

    case = a_case()
    report = verify_subject(case.subject, tmp_path)
    assert report.unsealed <= report.entries
