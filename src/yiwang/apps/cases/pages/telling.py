"""What happened to a case, in words: its record, its clock events, its route and its papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from yiwang.apps.cases.domain.machine import MACHINE
from yiwang.apps.cases.domain.taking_in import MACHINE as TAKING_IN
from yiwang.apps.cases.models import (
    Case,
    CaseDecision,
    ClockRow,
    OriginalCheck,
    ReviewStep,
    StepState,
)
from yiwang.apps.cases.operations.reviewing import CONCLUSIONS
from yiwang.apps.cases.queries import WholeCase
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.clock import ClockEventKind, Limit

Labels = dict[str, str]

_TONES = {
    "accept": "success",
    "grant": "success",
    "deliver": "success",
    "request_correction": "warning",
    "pause": "warning",
    "refer": "warning",
    "refuse": "danger",
    "decline": "danger",
    "not_required": "danger",
}
_CLOCKS = {"RECEIPT": "收件告知时限", "DECISION": "办理时限", "DELIVERY": "送达时限"}
_DOCUMENT_TAGS = {
    DocumentStatus.PENDING: ("制作中", "paused"),
    DocumentStatus.READY: ("已生成", "success"),
    DocumentStatus.FAILED: ("制作未成", "danger"),
}


def refs_of(whole: WholeCase) -> set[str]:
    """Every account that the case's record and clock events name."""
    found = {entry.actor for entry in whole.entries} | {row.approver for row in whole.clock_rows}
    return {ref for ref in found if ref.startswith("account:")}


def record_rows(whole: WholeCase, labels: Labels) -> list[dict[str, Any]]:
    """The record, newest first, as entries of the timeline component."""
    documents = {str(document.pk): document for document in whole.documents}
    rows = []
    runs = groupby(reversed(whole.entries), key=lambda e: (e.operation, e.actor))
    for (operation, _), run in runs:
        entries = list(run)
        if operation != "cases.tick":
            rows += [_entry(whole, entry, labels, documents) for entry in entries]
            continue
        # One clerk going through the materials is one piece of work to a reader.
        said = [_ticked(whole, entry.facts) for entry in reversed(entries)]
        rows.append(_entry(whole, entries[0], labels, documents) | {"said": "\n".join(said)})
    return rows


def _entry(
    whole: WholeCase, entry: RecordEntry, labels: Labels, documents: dict[str, LegalDocument]
) -> dict[str, Any]:
    action = entry.operation.removeprefix("cases.")
    known = (*MACHINE.transitions, *TAKING_IN.transitions)
    label = next((t.label for t in known if t.action == action), action)
    papers = [documents.get(paper["id"]) for paper in entry.facts.get("documents", ())]
    return {
        "at": cn_datetime(entry.at),
        "who": who(entry.actor, labels),
        "title": label,
        "said": _said(whole, action, entry.facts),
        "tone": _TONES.get(action, "neutral"),
        "documents": [
            {"label": f"{d.title} {d.number}", "url": f"/documents/{d.pk}/"} for d in papers if d
        ],
    }


def who(ref: str, labels: Labels) -> str:
    """A name for staff to read; the platform's own acts are its own."""
    if ref.startswith("system:"):
        return "系统(依法自动办理)"
    return labels.get(ref, "工作人员")


def _said(whole: WholeCase, action: str, facts: dict[str, Any]) -> str:
    """One sentence of what the act was about, empty where its name says it all."""
    teller = _TELLERS.get(action)
    return teller(whole, facts) if teller else ""


def _material_name(whole: WholeCase, facts: dict[str, Any]) -> str:
    material = whole.definition.material(str(facts.get("material", "")))
    return f"「{material.name}」" if material else ""


def _ticked(whole: WholeCase, facts: dict[str, Any]) -> str:
    return f"{_material_name(whole, facts)}核对了 {len(facts.get('points', ()))} 个要点。"


def _asked(whole: WholeCase, facts: dict[str, Any]) -> str:
    until = date.fromisoformat(facts["until"])
    return f"一次性告知 {facts['items']} 项,期限到 {cn_date(until)}。"


def _opined(whole: WholeCase, facts: dict[str, Any]) -> str:
    name = next((step.name for step in whole.steps if step.code == facts.get("step")), "")
    return f"「{name}」:{CONCLUSIONS.get(facts.get('conclusion', ''), '')}。"


def _paused(whole: WholeCase, facts: dict[str, Any]) -> str:
    ground = whole.definition.pause_ground(facts.get("ground", ""))
    return f"{ground.label if ground else ''},预计 {Limit.parse(facts['expected']).label}。"


def _accepted(whole: WholeCase, facts: dict[str, Any]) -> str:
    return "依法视为受理。" if facts.get("deemed") else ""


def _delivered(whole: WholeCase, facts: dict[str, Any]) -> str:
    return str(facts.get("how", ""))


def _corrected(whole: WholeCase, facts: dict[str, Any]) -> str:
    if facts.get("evidence") == "PAPER":
        return f"收到纸质的{_material_name(whole, facts)}。"
    taken = [str(e).partition(":")[0] for e in facts.get("materials", {}).values()]
    if taken == ["certificate"]:
        code = next(iter(facts["materials"]))
        material = whole.definition.material(code)
        return f"从证照库取用「{material.name if material else code}」,不用申请人提交。"
    replaced = [whole.definition.material(code) for code in facts.get("materials", ())]
    names = [f"「{m.name}」" for m in replaced if m]
    parts = [f"换了文件:{'、'.join(names)}。"] if names else []
    if facts.get("handed_back"):
        parts.append("纸质件扫描后已退还。")
    if facts.get("revision"):
        parts.append(f"申请表改为第 {facts['revision']} 稿。")
    return "".join(parts)


def _originals(whole: WholeCase, facts: dict[str, Any]) -> str:
    found = facts.get("originals", {})
    said = []
    for code, state in found.items():
        material = whole.definition.material(code)
        said.append(f"「{material.name if material else code}」{OriginalCheck(state).label}")
    return f"{'、'.join(said)}。" if said else ""


def _answered(whole: WholeCase, facts: dict[str, Any]) -> str:
    said = []
    for code, now in facts.get("materials", {}).items():
        material = whole.definition.material(code)
        word = "没有查到" if now == "MISSING" else "已查到,不用提交"
        said.append(f"「{material.name if material else code}」{word}")
    return f"{'、'.join(said)}。"


_TELLERS: dict[str, Callable[[WholeCase, dict[str, Any]], str]] = {
    "tick": _ticked,
    "correct_on_spot": _corrected,
    "supply_correction": _corrected,
    "request_correction": _asked,
    "give_opinion": _opined,
    "check_originals": _originals,
    "ask_again": _answered,
    "pause": _paused,
    "accept": _accepted,
    "deem_accepted": _accepted,
    "deliver": _delivered,
}


def clock_rows(whole: WholeCase, labels: Labels) -> list[dict[str, str]]:
    """Every clock event: when, which clock, what, the ground and article, by whose approval."""
    numbers = {str(document.pk): document.number for document in whole.documents}
    return [_clock_row(row, labels, numbers) for row in whole.clock_rows]


def _clock_row(row: ClockRow, labels: Labels, numbers: dict[str, str]) -> dict[str, str]:
    details = [
        row.ground,
        row.article,
        f"预计 {Limit.parse(row.expected).label}" if row.expected else "",
        f"延长 {row.number} 天" if row.number else "",
        f"批准人:{labels.get(row.approver, '工作人员')}" if row.approver else "",
        f"文书:{numbers[row.document]}" if row.document in numbers else "",
        "不停止法定时限" if row.kind == ClockEventKind.PAUSED and not row.stops_statutory else "",
    ]
    return {
        "at": cn_datetime(row.at),
        "clock": _CLOCKS.get(row.clock.partition(":")[0], row.clock),
        "kind": ClockEventKind(row.kind).label,
        "details": ",".join(part for part in details if part),
    }


def route_rows(whole: WholeCase) -> list[dict[str, Any]]:
    """The route in its order, referrals first, each step with what was said in it."""
    planned = {step.code for step in whole.definition.route}
    rows = [_step(step) for step in whole.steps if step.code not in planned]
    commitment = whole.definition.commitment(whole.case.commitment)
    for step in whole.definition.route:
        rounds = sorted(
            (row for row in whole.steps if row.code == step.code), key=lambda row: row.round
        )
        if rounds:
            rows += [_step(row) for row in rounds]
        elif commitment is not None and step.code in commitment.skips:
            hint = f"告知承诺:决定后 {Limit.parse(commitment.check_within).label}内核查"
            rows.append({"name": step.name, "state": "next", "word": "移到决定之后", "hint": hint})
        else:
            hint = f"时限 {Limit.parse(step.limit).label}"
            rows.append({"name": step.name, "state": "next", "word": "还没到", "hint": hint})
    return rows


def _step(step: ReviewStep) -> dict[str, Any]:
    limit = Limit.parse(step.limit).label
    if step.state == StepState.OPEN:
        due = f",到 {cn_date(step.due_on)}" if step.due_on else ",随办件停止计时"
        people = f",{step.people} 人" if step.people > 1 else ""
        to = f",已转交 {step.assignee_label}" if step.assignee else ""
        hint = f"时限 {limit}{due}{people}{to}"
        return {
            "name": step.name if step.round == 1 else f"{step.name}(第 {step.round} 次)",
            "state": "now",
            "word": "正在办理",
            "hint": hint,
            "opinion": step.opinion or step.note,
        }
    if step.state == StepState.CANCELLED:
        return {"name": step.name, "state": "next", "word": "已取消", "opinion": step.opinion}
    people = "、".join(name for name in (step.done_by_label, step.second_person) if name)
    return {
        "name": step.name,
        "state": "done",
        "word": CONCLUSIONS.get(step.conclusion, "已办"),
        "is_negative": step.conclusion == "DISAGREE",
        "hint": f"{people} · {cn_datetime(step.done_at)}",
        "opinion": step.opinion,
    }


def document_rows(documents: list[LegalDocument]) -> list[dict[str, Any]]:
    """The papers with their state; a link where there is something to open."""
    rows = []
    for document in documents:
        label, tone = _DOCUMENT_TAGS[DocumentStatus(document.status)]
        rows.append(
            {
                "title": document.title,
                "number": document.number,
                "on": document.made_on,
                "tag": {"label": label, "tone": tone},
                "url": f"/documents/{document.pk}/" if document.file_id else "",
                "missing": document.missing_characters,
            }
        )
    return rows


def verdict_rows(verdict: dict[str, Any] | None) -> dict[str, Any] | None:
    """The rule table's verdict with what it read, None where the item has no table."""
    if not verdict:
        return None
    labels, unknown = verdict.get("labels", {}), verdict.get("unknown", {})
    rows = [
        {"label": labels.get(name, name), "value": _plain(value)}
        for name, value in verdict.get("values", {}).items()
        if name not in unknown
    ]
    rows += [{"label": labels.get(name, name), "value": "不知道,由人核对"} for name in unknown]
    return {
        "grants": verdict.get("outcome") == "GRANT",
        "reason": verdict.get("reason", ""),
        "article": verdict.get("article", ""),
        "version": f"{verdict.get('table', '')} {verdict.get('version', '')}".strip(),
        "rows": rows,
    }


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def decision_row(case: Case) -> dict[str, Any] | None:
    """The decision with its reasons; one statement, none before there is one."""
    if case.decided_at is None:
        return None
    row = CaseDecision.objects.filter(case=case).first()
    if row is None:
        return None
    return {
        "word": row.word,
        "at": cn_datetime(row.decided_at),
        "facts": row.facts,
        "articles": row.articles,
        "reason": row.reason,
        "url": f"/documents/{row.document_id}/",
    }
