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
from yiwang.apps.cases.models import CaseChannel, GreenChannel, HelpKind, MaterialStatus
from yiwang.apps.cases.operations.moving import MOVED
from yiwang.apps.cases.operations.reviewing import CONCLUSIONS
from yiwang.apps.catalog.public import Definition
from yiwang.apps.certificates.public import CertificateStatus
from yiwang.apps.enquiries.domain.states import MACHINE as ENQUIRY_MACHINE
from yiwang.apps.enquiries.domain.states import EnquiryKind, EnquiryState, NoteState
from yiwang.apps.oversight.domain.states import CheckOutcome, CheckState
from yiwang.apps.people.domain.authority import (
    AuthorisationEnd,
    AuthorisationState,
    ConfirmationWay,
    GuardianshipState,
    MandateAct,
)
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
from yiwang.site.pages.record_facts import FACTS

LONGEST = 240
OPERATIONS = {
    **{f"cases.{row.action}": row.label for row in (*MACHINE.transitions, MOVED)},
    "calendar.notice": "录入放假安排",
    "cases.erase": "清除过期的申请内容",
    "cases.note_help": "登记帮办代办",
    "cases.draw_sample": "抽取回访样本",
    "cases.note_call": "记录帮办回访",
    "cases.use_again": "再次使用以前的材料",
    "cases.take_results": "打包下载全部结果",
    "catalog.draft": "保存事项草稿",
    "catalog.publish": "发布事项",
    "catalog.return": "退回事项",
    "catalog.submit": "送审事项",
    "certificates.ask": "申请补领或注销证照",
    "certificates.cancel": "注销证照",
    "certificates.deem_renewed": "视为准予延续",
    "certificates.drop": "不予撤销证照",
    "certificates.expire": "证照到期失效",
    "certificates.find_again": "解除挂失",
    "certificates.hear": "记录撤销听证",
    "certificates.issue_replacement": "颁发补发的证照",
    "certificates.notify": "告知拟撤销证照",
    "certificates.refer": "移送拟撤销证照",
    "certificates.reissue": "补发证照",
    "certificates.report_lost": "挂失证照",
    "certificates.respond": "对拟撤销陈述申辩",
    "certificates.revoke": "撤销证照",
    "certificates.withdraw": "登记吊销证照",
    "demonstration.load": "装入演示城市",
    "documents.issue": "签发文书",
    **{f"enquiries.{row.action}": row.label for row in ENQUIRY_MACHINE.transitions},
    "enquiries.ASK": "提出咨询投诉",
    "enquiries.urge": "到期催办",
    "enquiries.close_note": "处理指南纠错",
    "enquiries.publish_answer": "发布公开问答",
    "enquiries.withdraw_answer": "撤下公开问答",
    "oversight.close_check": "终止承诺核查",
    "oversight.open_check": "开始承诺核查",
    "oversight.publish": "公示决定",
    "oversight.record": "记录承诺核查",
    "oversight.withdraw_publication": "标明决定失去效力",
    "partners.ask_rotation": "申请换发密钥",
    "partners.confirm_client": "确认接入系统",
    "partners.disable_client": "停用接入系统",
    "partners.issue_secret": "发放密钥",
    "partners.propose_client": "登记接入系统",
    "partners.subscribe": "订阅事件",
    "partners.unsubscribe": "退订事件",
    "people.assign_post": "分配岗位",
    "people.change_representative": "更换法定代表人",
    "people.confirm_authorisation": "确认委托",
    "people.decide_guardian": "复核监护关系",
    "people.disable_account": "停用账号",
    "people.enable_account": "启用账号",
    "people.drop_authorisation": "放弃委托",
    "people.end_absence": "结束离岗",
    "people.end_guardian": "结束监护关系",
    "people.end_holding": "收回岗位",
    "people.expire_authorisation": "委托到期",
    "people.keep_authorisation": "继续委托",
    "people.lapse_authorisation": "委托没有确认",
    "people.propose_authorisation": "提出委托",
    "people.register": "登记服务对象",
    "people.register_absence": "登记离岗",
    "people.register_guardian": "登记监护关系",
    "people.renounce_authorisation": "退出代理",
    "people.reset_second_factor": "重置动态口令",
    "people.review_authorisation": "委托待新法定代表人确认",
    "people.revoke_authorisation": "撤销委托",
    "people.unlock": "解除锁定",
    "people.unmask": "查看完整信息",
    "people.use_authorisation": "代理人办理",
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
    "authorisation": "授权委托",
    "calendar": "日历",
    "card": "监察卡",
    "case": "办件",
    "certificate": "证照",
    "client": "接入系统",
    "demonstration": "演示城市",
    "document": "文书",
    "file": "文件",
    "enquiry": "咨询投诉",
    "follow_up": "承诺核查",
    "help": "帮办记录",
    "help_sample": "帮办回访抽样",
    "guide_answer": "公开问答",
    "guide_note": "指南纠错单",
    "guardianship": "监护关系",
    "item": "事项",
    "party": "服务对象",
    "publication": "决定公示",
    "push": "事件推送",
    "rating": "评价",
    "supervision_rule": "监察规则",
}
_HEX = re.compile(r"[0-9a-f]{32,}")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_CLOCKS = ("receipt", "promised", "statutory", "delivery")
_ENUMS: dict[str, tuple[type[Enum], ...]] = {
    "authorisation_state": (AuthorisationState,),
    "card_state": (CardState,),
    "cause": (AppealCause,),
    "certificate_status": (CertificateStatus,),
    "channel": (CaseChannel,),
    "check_outcome": (CheckOutcome,),
    "check_state": (CheckState,),
    "enquiry_state": (EnquiryState,),
    "days": (DayKind,),
    "end": (AuthorisationEnd,),
    "evidence": (MaterialStatus,),
    "green_channel": (GreenChannel,),
    "guardianship_state": (GuardianshipState,),
    "help_kind": (HelpKind,),
    "kind": (DocumentKind, PartyKind, EnquiryKind),
    "mandate_act": (MandateAct,),
    "mandate_acts": (MandateAct,),
    "materials": (MaterialStatus,),
    "note_state": (NoteState,),
    "outcome": (CaseState,),
    "paper_kind": (PaperKind,),
    "satisfaction": (Satisfaction,),
    "signal": (Signal,),
    "state": (CaseState,),
    "status": (RuleStatus,),
    "way": (ConfirmationWay,),
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
