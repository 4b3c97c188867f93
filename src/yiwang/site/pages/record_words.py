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
from yiwang.apps.cases.models import CaseChannel, GreenChannel, MaterialStatus
from yiwang.apps.cases.operations.moving import MOVED
from yiwang.apps.cases.operations.reviewing import CONCLUSIONS
from yiwang.apps.catalog.public import Definition
from yiwang.apps.certificates.public import CertificateStatus
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

LONGEST = 240
OPERATIONS = {
    **{f"cases.{row.action}": row.label for row in (*MACHINE.transitions, MOVED)},
    "calendar.notice": "录入放假安排",
    "cases.erase": "清除过期的申请内容",
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
    "follow_up": "承诺核查",
    "guardianship": "监护关系",
    "item": "事项",
    "party": "服务对象",
    "publication": "决定公示",
    "push": "事件推送",
    "rating": "评价",
    "supervision_rule": "监察规则",
}
FACTS = {
    "absence": "离岗登记",
    "accepted_at": "受理时间",
    "agent": "代理人",
    "applicant": "申请人",
    "approved": "是否同意",
    "asked": "持证人申请",
    "at_source": "对方时间",
    "authorisation_state": "状态",
    "authorisations": "待确认的委托",
    "by": "提出人",
    "card_state": "状态",
    "carrier": "寄递企业",
    "case": "办件",
    "cause": "原因",
    "certificate": "证照",
    "certificate_status": "证照状态",
    "channel": "渠道",
    "check_outcome": "核查结论",
    "check_state": "核查状态",
    "child": "被监护人",
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
    "began_on": "事由开始日期",
    "documents": "文书",
    "late_days": "登记迟了(工作日)",
    "proof": "证明材料",
    "due": "到期日",
    "end": "结束原因",
    "ended_representation": "结束的代表关系",
    "ends_at": "结束时间",
    "events": "事件",
    "evidence": "凭据",
    "expected": "预计需要",
    "erased": "答案已过保存期限,已清除",
    "fields": "更正的内容",
    "file": "文件",
    "gaps": "容缺的材料",
    "green_channel": "绿色通道",
    "ground": "事由",
    "guardian": "监护人",
    "guardianship_state": "状态",
    "held": "维持已告知的日期",
    "held_on": "举行日期",
    "held_until": "最晚举行日期",
    "how": "方式",
    "id": "编号",
    "identifier": "证照标识",
    "is_active": "启用",
    "is_deputy": "B角",
    "is_helped": "帮办代办",
    "item_codes": "委托的事项",
    "item_version": "事项版本",
    "items": "告知项数",
    "kind": "种类",
    "mandate_act": "依据的委托",
    "mandate_acts": "代理人可以",
    "material": "材料",
    "materials": "材料",
    "moved": "顺延",
    "networks": "网段",
    "notice": "放假安排",
    "number": "编号",
    "of": "属于",
    "organ": "单位",
    "outcome": "决定",
    "owner": "负责人",
    "paper_kind": "证件类型",
    "parcel": "寄递",
    "pause": "停止计时",
    "points": "核对要点",
    "post": "岗位",
    "presiding": "主持人",
    "principal": "委托人",
    "procedure": "特别程序",
    "promised_due_on": "承诺",
    "proposal": "待第二人确认的变更",
    "reason": "理由",
    "reason_given": "说明了理由",
    "receipt": "对方编号",
    "receipt_due_on": "收件告知",
    "representation": "代表关系",
    "replacement": "补发的证照",
    "requested": "已要求听证",
    "revision": "表单修订",
    "revocation": "拟撤销",
    "role": "角色",
    "round": "第几次",
    "rule": "规则",
    "rule_version": "规则版本",
    "satisfaction": "满意度",
    "scopes": "权限范围",
    "second_person": "另一名核查人员",
    "seen": "核对过的证件",
    "secret_number": "密钥编号",
    "sha256": "文件摘要",
    "signal": "信号",
    "signed_at": "签收时间",
    "source": "来源",
    "starts_at": "开始时间",
    "state": "状态",
    "status": "状态",
    "statutory_due_on": "法定",
    "step": "环节",
    "subject": "对象",
    "supersedes": "代替的证照",
    "supplied": "补交的材料",
    "system": "办理系统",
    "tags": "评价标签",
    "target": "监察对象",
    "threshold": "阈值",
    "to": "转交给",
    "until": "期限到",
    "url": "地址",
    "valid_from": "起",
    "valid_until": "止",
    "version": "版本",
    "waived": "放弃或没有提出",
    "way": "确认方式",
    "webhook": "订阅",
    "what": "看了什么",
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
    "days": (DayKind,),
    "end": (AuthorisationEnd,),
    "evidence": (MaterialStatus,),
    "green_channel": (GreenChannel,),
    "guardianship_state": (GuardianshipState,),
    "kind": (DocumentKind, PartyKind),
    "mandate_act": (MandateAct,),
    "mandate_acts": (MandateAct,),
    "materials": (MaterialStatus,),
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
