"""The record in words: operations, subjects, and the facts of an entry.

The record itself keeps codes, which never change meaning; only the page translates them. A key
nobody has named yet is shown as it stands, and a test fails until it is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from yiwang.apps.cases.domain.machine import MACHINE, CaseState
from yiwang.apps.cases.models import CaseChannel, MaterialStatus
from yiwang.apps.cases.operations.moving import MOVED
from yiwang.apps.cases.operations.reviewing import CONCLUSIONS
from yiwang.apps.catalog.public import Definition
from yiwang.apps.people.public import PartyKind
from yiwang.apps.ratings.models import Satisfaction
from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState, RuleStatus, Signal
from yiwang.apps.supervision.wording import target_in_words
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.calendar import DayKind
from yiwang.kernel.clock import Limit
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import chinese_date

LONGEST = 240
OPERATIONS = {
    **{f"cases.{row.action}": row.label for row in (*MACHINE.transitions, MOVED)},
    "calendar.notice": "录入放假安排",
    "cases.erase": "清除过期的申请内容",
    "catalog.draft": "保存事项草稿",
    "catalog.publish": "发布事项",
    "catalog.return": "退回事项",
    "catalog.submit": "送审事项",
    "demonstration.load": "装入演示城市",
    "documents.issue": "签发文书",
    "people.assign_post": "分配岗位",
    "people.disable_account": "停用账号",
    "people.enable_account": "启用账号",
    "people.end_absence": "结束离岗",
    "people.end_holding": "收回岗位",
    "people.register": "登记服务对象",
    "people.register_absence": "登记离岗",
    "people.reset_second_factor": "重置动态口令",
    "people.unlock": "解除锁定",
    "people.unmask": "查看完整信息",
    "ratings.rate": "评价",
    "supervision.appeal": "申诉监察卡",
    "supervision.confirm_rule": "确认监察规则",
    "supervision.draft_rule": "起草监察规则",
    "supervision.explain": "反馈超期原因",
    "supervision.issue": "发出监察卡",
    "supervision.return_rule": "退回监察规则",
    "supervision.uphold": "维持监察卡",
    "supervision.withdraw": "撤销监察卡",
    "upkeep.retry": "重试",
}
KINDS = {
    "account": "账号",
    "calendar": "日历",
    "card": "监察卡",
    "case": "办件",
    "certificate": "证照",
    "demonstration": "演示城市",
    "document": "文书",
    "file": "文件",
    "item": "事项",
    "party": "服务对象",
    "rating": "评价",
    "supervision_rule": "监察规则",
}
FACTS = {
    "absence": "离岗登记",
    "accepted_at": "受理时间",
    "applicant": "申请人",
    "approved": "是否同意",
    "at_source": "对方时间",
    "by": "提出人",
    "card_state": "状态",
    "carrier": "寄递企业",
    "case": "办件",
    "cause": "原因",
    "certificate": "证照",
    "channel": "渠道",
    "collected_by_another": "他人代领",
    "commitment": "告知承诺",
    "conclusion": "结论",
    "days": "日子",
    "decision_document": "决定书",
    "deemed": "视为受理",
    "deferral_until": "容缺补交期限",
    "delivered": "送达的文书",
    "delivery_due_on": "送达",
    "digest": "内容摘要",
    "disclosure": "披露登记",
    "documents": "文书",
    "due": "到期日",
    "ends_at": "结束时间",
    "evidence": "凭据",
    "expected": "预计需要",
    "erased": "答案已过保存期限,已清除",
    "fields": "更正的内容",
    "gaps": "容缺的材料",
    "ground": "事由",
    "held": "维持已告知的日期",
    "held_on": "举行日期",
    "held_until": "最晚举行日期",
    "how": "方式",
    "id": "编号",
    "identifier": "证照标识",
    "is_active": "启用",
    "is_deputy": "B角",
    "item_version": "事项版本",
    "items": "告知项数",
    "kind": "种类",
    "material": "材料",
    "materials": "材料",
    "moved": "顺延",
    "notice": "放假安排",
    "number": "编号",
    "of": "属于",
    "outcome": "决定",
    "paper_kind": "证件类型",
    "parcel": "寄递",
    "pause": "停止计时",
    "points": "核对要点",
    "post": "岗位",
    "presiding": "主持人",
    "procedure": "特别程序",
    "promised_due_on": "承诺",
    "proposal": "待第二人确认的变更",
    "reason": "理由",
    "reason_given": "说明了理由",
    "receipt": "对方编号",
    "receipt_due_on": "收件告知",
    "requested": "已要求听证",
    "revision": "表单修订",
    "role": "角色",
    "round": "第几次",
    "rule": "规则",
    "rule_version": "规则版本",
    "satisfaction": "满意度",
    "second_person": "另一名核查人员",
    "sha256": "文件摘要",
    "signal": "信号",
    "signed_at": "签收时间",
    "starts_at": "开始时间",
    "state": "状态",
    "status": "状态",
    "statutory_due_on": "法定",
    "step": "环节",
    "subject": "对象",
    "supplied": "补交的材料",
    "system": "办理系统",
    "tags": "评价标签",
    "target": "监察对象",
    "threshold": "阈值",
    "to": "转交给",
    "until": "期限到",
    "valid_from": "起",
    "valid_until": "止",
    "version": "版本",
    "waived": "放弃或没有提出",
    "what": "看了什么",
}
_HEX = re.compile(r"[0-9a-f]{32,}")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_CLOCKS = ("receipt", "promised", "statutory", "delivery")
_ENUMS: dict[str, tuple[type[Enum], ...]] = {
    "card_state": (CardState,),
    "cause": (AppealCause,),
    "channel": (CaseChannel,),
    "days": (DayKind,),
    "evidence": (MaterialStatus,),
    "kind": (DocumentKind, PartyKind),
    "materials": (MaterialStatus,),
    "outcome": (CaseState,),
    "paper_kind": (PaperKind,),
    "satisfaction": (Satisfaction,),
    "signal": (Signal,),
    "state": (CaseState,),
    "status": (RuleStatus,),
}


def named(subject: str) -> str:
    """`case:9` as 办件 9; a long identifier by its first eight signs."""
    kind, _, number = subject.partition(":")
    return f"{KINDS.get(kind, kind)} {_short(number)}".strip() or "无"


def codes_of(definition: Definition) -> dict[str, str]:
    """The codes of an item by the fact they stand in: `material.lease`, `points.lease.signed` …"""
    found = {f"ground.{ground.code}": ground.label for ground in definition.pause_grounds}
    found |= {f"step.{step.code}": step.name for step in definition.route}
    for material in definition.materials:
        found[f"material.{material.code}"] = material.name
        found |= {f"points.{material.code}.{p.code}": p.text for p in material.points}
    return found


def facts_in_words(facts: Mapping[str, Any], codes: Mapping[str, str] | None = None) -> str:
    """`{"state": "REVIEW", "deemed": false}` as 状态:审查中;视为受理:否. Cut at LONGEST."""
    told = _told(facts, codes or {})
    text = ";".join(f"{_key(key)}:{_value(key, value)}" for key, value in told.items())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _told(facts: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """The facts with the item's own codes replaced by their names."""
    told = dict(facts)
    for key in ("ground", "material", "step"):
        if key in told:
            told[key] = codes.get(f"{key}.{told[key]}", told[key])
    if isinstance(told.get("points"), list):
        of = f"points.{facts.get('material', '')}"
        told["points"] = [codes.get(f"{of}.{code}", code) for code in told["points"]]
    if isinstance(told.get("materials"), dict):
        told["materials"] = {
            codes.get(f"material.{code}", code): value for code, value in told["materials"].items()
        }
    if isinstance(told.get("pause"), str):
        ground = told["pause"].rpartition("_")[0]
        told["pause"] = codes.get(f"ground.{ground}", told["pause"])
    return told


def _key(key: str) -> str:
    return FACTS.get(key, key)


def _value(key: str, value: Any) -> str:
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value(key, part) for part in value) or "无"
    if isinstance(value, dict):
        return _inside(key, value)
    return _text(key, value) if isinstance(value, str) else str(value)


def _inside(key: str, parts: Mapping[str, Any]) -> str:
    """A list of named things; dates that are not set say nothing and are left out."""
    if set(parts) == {"id", "kind"}:
        return f"{_value('kind', parts['kind'])} {_value('id', parts['id'])}"
    told = {name: value for name, value in parts.items() if value is not None}
    return "、".join(f"{_inner(name)} {_value(key, value)}" for name, value in told.items()) or "无"


def _inner(name: str) -> str:
    """A key inside a fact: one of ours, a day of the calendar, or a code of the item."""
    return _day(name) or _key(name)


def _text(key: str, text: str) -> str:
    readers: dict[str, Callable[[str], str]] = {
        "conclusion": lambda code: CONCLUSIONS.get(code, code),
        "expected": lambda limit: Limit.parse(limit).label,
        "held": lambda name: _key(f"{name}_due_on") if name in _CLOCKS else name,
        "of": named,
        "subject": named,
        "target": target_in_words,
    }
    for kind in _ENUMS.get(key, ()):
        if text in {member.value for member in kind}:
            return str(getattr(kind(text), "label", text))
    if key in readers:
        return readers[key](text)
    if text.partition(":")[0] in ("file", "certificate"):
        return named(text)
    return _day(text) or _short(text)


def _day(text: str) -> str:
    """A date or a moment in Chinese; empty for anything else."""
    try:
        return chinese_date(date.fromisoformat(text)) if len(text) == 10 else _moment(text)
    except ValueError:
        return ""


def _moment(text: str) -> str:
    return cn_datetime(datetime.fromisoformat(text)) if "T" in text else ""


def _short(text: str) -> str:
    """Identifiers and digests by their beginning: the whole is in the exported record."""
    if _UUID.fullmatch(text):
        return text[:8]
    return f"{text[:12]}…" if _HEX.fullmatch(text) else text
