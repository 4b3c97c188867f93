"""Holding the state tables against the record: a projection that was changed by hand is named."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from yiwang.apps.cases.domain.clocks import CaseClocks, reckon
from yiwang.apps.cases.models import NEVER, Case, CaseContent, CaseDecision, ClockRow
from yiwang.apps.cases.operations.act import events_by_clock, limits_of, projected
from yiwang.apps.cases.operations.filing import form_digest
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.files.storing import path_of
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.chain import Head

Findings = list[tuple[str, str, str]]


AT_ONCE = 2000  # cases whose rows are in memory together


def check_case_projections(findings: Findings) -> dict[str, Head]:
    """Append what is wrong to `findings`; return the head each case row keeps.

    In batches: at a million cases only the heads are held all at once.
    """
    heads: dict[str, Head] = {}
    last = 0
    while cases := list(Case.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = cases[-1].pk
        _check_batch(cases, heads, findings)
    findings += _documents()
    return heads


def _check_batch(cases: list[Case], heads: dict[str, Head], findings: Findings) -> None:
    span: dict[str, Any] = {"case_id__gte": cases[0].pk, "case_id__lte": cases[-1].pk}
    told = _last_told([case.subject for case in cases])
    rows = _clock_rows(span)
    contents = {c.case_id: c for c in CaseContent.objects.filter(**span).order_by("revision")}
    decided = {d.case_id: d for d in CaseDecision.objects.filter(**span)}
    for case in cases:
        heads[case.subject] = Head(case.version, bytes(case.record_hash))
        facts, digest = told.get(case.subject, ({}, None))
        problems = [
            *_state(case, facts),
            *_clocks(case, rows.get(case.pk, [])),
            *_content(case, contents.get(case.pk), digest, facts),
            *_decision(case, decided.get(case.pk), facts),
        ]
        findings += [(case.subject, "PROJECTION", text) for text in problems]


def _last_told(subjects: list[str]) -> dict[str, tuple[dict[str, Any], str | None]]:
    """Per case: the facts of its record, later ones over earlier, and the last form digest."""
    told: dict[str, tuple[dict[str, Any], str | None]] = {}
    rows = (
        RecordEntry.objects.filter(subject__in=subjects)
        .order_by("subject", "seq")
        .values_list("subject", "facts", "digests")
    )
    for subject, facts, digests in rows:
        before, digest = told.get(subject, ({}, None))
        told[subject] = ({**before, **facts}, digests.get("form", digest))
    return told


def _clock_rows(span: dict[str, Any]) -> dict[int, list[ClockRow]]:
    rows: dict[int, list[ClockRow]] = defaultdict(list)
    for row in ClockRow.objects.filter(**span).order_by("id"):
        rows[row.case_id].append(row)
    return rows


def _state(case: Case, facts: dict[str, Any]) -> list[str]:
    found = []
    if facts.get("state") != case.state:
        found.append(f"办件状态 {case.state} 与记录 {facts.get('state')} 不符")
    if facts.get("applicant") != case.applicant_id:
        found.append("申请人与记录不符")
    if facts.get("item_version") != case.item_version_id:
        found.append("事项版本与记录不符")
    if facts.get("number") != case.number:
        found.append("办件编号与记录不符")
    for name, told in (facts.get("due") or {}).items():
        value = getattr(case, name, None)
        if (str(value) if value else None) != told and told not in ("None", None):
            found.append(f"到期日 {name} 与记录不符")
    return found


def _clocks(case: Case, rows: list[ClockRow]) -> list[str]:
    """Due columns of running clocks are recomputed from the events; those of finished ones stand
    as the record told them (a later holiday notice does not judge them again)."""
    clocks = reckon(
        events_by_clock(rows), limits_of(definition_of(case.item_version_id)), calendar()
    )
    return [
        f"{name} 与计时事件重算的结果不符"
        for name, value in projected(clocks).items()
        if name in _running(clocks) and (getattr(case, name) or NEVER) != (value or NEVER)
    ]


def _running(clocks: CaseClocks) -> set[str]:
    columns = {"sort_due_at"}
    for name in ("receipt", "promised", "statutory", "delivery"):
        clock = getattr(clocks, name)
        if clock is None or clock.is_running:
            columns.add(f"{name}_due_on")
    return columns


def _content(
    case: Case, content: CaseContent | None, digest: str | None, facts: dict[str, Any]
) -> list[str]:
    if content is None:
        return ["表单内容不见了"]
    if content.digest == digest and facts.get("erased") and content.form is None:
        return []
    try:
        form = content.form
    except Exception:
        return ["表单内容无法解密"]
    if form is None:
        return ["表单内容不见了"]
    if form_digest(case, form) != digest or content.digest != digest:
        return ["表单内容与记录的摘要不符"]
    return []


def _decision(case: Case, decision: CaseDecision | None, facts: dict[str, Any]) -> list[str]:
    told = facts.get("outcome")
    if told is None and decision is None:
        return []
    if decision is None:
        return ["决定不见了"]
    if told != decision.outcome or facts.get("decision_document") != str(decision.document_id):
        return ["决定与记录不符"]
    return []


def _documents() -> Findings:
    """Ready documents: their file is there and is the one the record named."""
    issued = {
        row[0]: row[1]
        for row in RecordEntry.objects.filter(operation="documents.issue").values_list(
            "subject", "facts"
        )
    }
    found: Findings = []
    ready = LegalDocument.objects.filter(status=DocumentStatus.READY).defer("content")
    for row in ready.iterator(chunk_size=2000):
        subject = f"document:{row.pk}"
        facts = issued.get(subject)
        if facts is None:
            found.append((subject, "PROJECTION", f"文书 {row.number} 没有签发记录"))
        elif facts["sha256"] != row.file_id or facts["number"] != row.number:
            found.append((subject, "PROJECTION", f"文书 {row.number} 与签发记录不符"))
        elif row.file_id and not path_of(row.file_id).exists():
            found.append((subject, "PROJECTION", f"文书 {row.number} 的文件不见了"))
    return found
