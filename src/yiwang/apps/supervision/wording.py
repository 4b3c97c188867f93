"""Cards in words: tags, evidence, what a thing under supervision is called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from yiwang.apps.supervision.domain.vocabulary import CardState, Signal
from yiwang.foundation.shell.dates import cn_date, cn_datetime

SIGNAL_TONES = {
    Signal.WARNING: "info",
    Signal.YELLOW: "warning",
    Signal.RED: "danger",
}
STATE_TONES = {
    CardState.VALID: "neutral",
    CardState.APPEALED: "info",
    CardState.UPHELD: "neutral",
    CardState.WITHDRAWN: "paused",
}
_TARGETS = {
    "promised": "承诺时限",
    "statutory": "法定时限",
    "acceptance": "受理时间",
    "decision": "不予决定",
    "correction": "告知补正",
}
_KINDS = {"step": "环节", "pause": "停止计时", "yellow": "黄牌后未办结"}
_EVIDENCE = (
    ("limit", "时限"),
    ("article", "依据"),
    ("started_on", "起算事件日"),
    ("due_on", "到期日"),
    ("statutory_due_on", "法定到期日"),
    ("statutory_article", "法定时限依据"),
    ("finished_at", "办结时间"),
    ("yellow_issued_at", "黄牌发出时间"),
    ("unsettled_until", "应当办结到"),
    ("decided_at", "决定时间"),
    ("accepted_at", "办件上的受理时间"),
    ("acceptance_told_at", "计时起点"),
    ("corrections_asked", "告知补正次数"),
    ("calendar_version", "所用日历版本"),
)


def signal_tag(signal: str) -> dict[str, str]:
    found = Signal(signal)
    return {"label": found.label, "tone": SIGNAL_TONES[found]}


def state_tag(state: str) -> dict[str, str]:
    found = CardState(state)
    return {"label": found.label, "tone": STATE_TONES[found]}


def target_in_words(target: str) -> str:
    """`step:review` as 环节 review; a clock by its name."""
    kind, _, rest = target.partition(":")
    if not rest:
        return _TARGETS.get(target, target)
    return f"{_KINDS.get(kind, kind)} {target_in_words(rest)}"


def evidence_rows(evidence: dict[str, Any]) -> list[dict[str, str]]:
    """Label and value of everything a card rests on, in a fixed order."""
    rows = [
        {"label": label, "value": _value(evidence[key])}
        for key, label in _EVIDENCE
        if evidence.get(key) not in (None, "")
    ]
    rows += [{"label": "停止计时", "value": text} for text in _pauses(evidence)]
    rows += [
        {"label": "延长期限", "value": f"{part['days']} 日,{part['article'] or '没有写明依据'}"}
        for part in evidence.get("extensions", [])
    ]
    if evidence.get("is_provisional"):
        rows.append({"label": "说明", "value": "有一年的放假安排当时还没有公布,到期日为暂定。"})
    return rows


def _pauses(evidence: dict[str, Any]) -> Iterator[str]:
    single = [evidence["pause"]] if evidence.get("pause") else []
    for part in [*evidence.get("pauses", []), *single]:
        until = _value(part["until"]) if part["until"] else "还没有恢复"
        paper = "有告知文书" if part["document"] else "没有告知文书"
        ground = part["ground"] or "没有写明事由"
        yield f"{_value(part['from'])} 至 {until},{ground}({part['article'] or '无依据'},{paper})"


def _value(value: Any) -> str:
    if not isinstance(value, str):
        return str(value)
    try:
        if len(value) == 10:
            return cn_date(date.fromisoformat(value))
        return cn_datetime(datetime.fromisoformat(value))
    except ValueError:
        return value
