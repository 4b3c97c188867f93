"""Jobs and failures, for the system administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.people.pages.signing import redirect
from yiwang.apps.people.permissions import MANAGE_JOBS
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.site import failures
from yiwang.site.upkeep import is_beating

ADDRESS = "/admin/jobs/"


@staff_page(MANAGE_JOBS)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Everything that waits for somebody, each with its reason and a way to try again."""
    found = failures.failures()
    sections = [
        _section("多次没有投递成功的事件", [_event(e, "event") for e in found.events]),
        _section("等待再次投递的事件", [_event(e, "") for e in found.delayed]),
        _section("没有办成的到时事项", [_timer(t) for t in found.timers]),
        _section("没有制成的文书", [_document(d) for d in found.documents]),
        _section("失败的任务", [_job(j, "job") for j in found.jobs]),
        _section("没有推送到部门系统的事件", [_push(p) for p in found.pushes]),
        _section("正在运行的任务", [_job(j, "") for j in found.running]),
    ]
    context = {
        "number": found.number,
        "is_beating": is_beating(),
        "sections": [section for section in sections if section["rows"]],
    }
    return render(request, "site/jobs.html", context)


def _section(title: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "rows": rows}


def _row(title: str, note: str, at: datetime | None, error: str, retry: str) -> dict[str, str]:
    lines = error.strip().splitlines()
    return {
        "title": title,
        "note": note,
        "at": cn_datetime(at) if at else "",
        "reason": lines[-1] if lines else "",
        "error": error if len(lines) > 1 else "",
        "retry": retry,
    }


def _event(event: Any, kind: str) -> dict[str, str]:
    retry = f"{ADDRESS}event/{event.pk}/" if kind else ""
    note = f"{event.subject},试过 {event.attempts} 次"
    return _row(event.name, note, event.at, event.error, retry)


def _timer(timer: Any) -> dict[str, str]:
    note = f"{timer.subject},试过 {timer.attempts} 次"
    retry = f"{ADDRESS}timer/{timer.pk}/"
    return _row(timer.kind, note, timer.due_at, timer.error, retry)


def _document(document: Any) -> dict[str, str]:
    note = f"{document.number},{document.subject}"
    retry = f"{ADDRESS}document/{document.pk}/"
    return _row(document.title, note, None, document.error, retry)


def _push(push: Any) -> dict[str, str]:
    note = f"{push.client.name},{push.news.short_number},试过 {push.attempts} 次"
    retry = f"{ADDRESS}push/{push.pk}/"
    return _row(f"{push.news.name} → {push.webhook.url}", note, push.news.at, push.error, retry)


def _job(job: Any, kind: str) -> dict[str, str]:
    note = f"编号 {job.pk},试过 {job.attempts} 次"
    retry = f"{ADDRESS}job/{job.pk}/" if kind else ""
    return _row(job.task_name, note, job.scheduled_at, "", retry)


def _retry(request: HttpRequest, operation: Callable[..., None], **which: Any) -> HttpResponse:
    try:
        operation(
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
            **which,
        )
    except failures.NothingToRetryError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "已安排重试,几秒后刷新看结果。")
    return redirect(ADDRESS)


@staff_page(MANAGE_JOBS)
@require_POST
def retry_event(request: HttpRequest, number: int) -> HttpResponse:
    return _retry(request, failures.retry_event, event_id=number)


@staff_page(MANAGE_JOBS)
@require_POST
def retry_timer(request: HttpRequest, number: int) -> HttpResponse:
    return _retry(request, failures.retry_timer, timer_id=number)


@staff_page(MANAGE_JOBS)
@require_POST
def retry_job(request: HttpRequest, number: int) -> HttpResponse:
    return _retry(request, failures.retry_job, job_id=number)


@staff_page(MANAGE_JOBS)
@require_POST
def retry_document(request: HttpRequest, identifier: UUID) -> HttpResponse:
    return _retry(request, failures.retry_document, document_id=identifier)


@staff_page(MANAGE_JOBS)
@require_POST
def retry_push(request: HttpRequest, number: int) -> HttpResponse:
    return _retry(request, failures.retry_push, push_id=number)
