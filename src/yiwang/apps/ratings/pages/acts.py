"""The acts on a bad rating as forms: what is asked, and which operation takes the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.ratings.domain.vocabulary import Verdict
from yiwang.apps.ratings.operations import handling
from yiwang.apps.ratings.permissions import APPROVE, HANDLE, REVIEW
from yiwang.foundation.access import Actor, Permission
from yiwang.foundation.shell.act_form import radios, textarea

Typed = Mapping[str, str]
Do = Callable[[int, Any, Actor, datetime], object]


@dataclass(frozen=True, slots=True)
class Act:
    """`actions` are the rows of the transition table this form may lead to."""

    code: str
    title: str
    done: str
    permission: Permission
    actions: tuple[str, ...]
    fields: Callable[[Typed], list[dict[str, Any]]]
    do: Do
    note: str = ""
    kind: str = "primary"


def _text(label: str, *before: Callable[[Typed], dict[str, Any]]) -> Any:
    return lambda typed: [
        *(one(typed) for one in before),
        textarea("text", label, typed, maxlength=handling.LONGEST),
    ]


def _yes_no(name: str, label: str, yes: str, no: str) -> Callable[[Typed], dict[str, Any]]:
    return lambda typed: radios(name, label, typed, [("yes", yes, ""), ("no", no, "")], value="yes")


def _verdicts(typed: Typed) -> dict[str, Any]:
    hints = {
        "MALICIOUS": "由监督人员复核,认定后不计入统计,仍保留",
        "MISTAKEN": "由监督人员复核,认定后不计入统计,仍保留",
    }
    choices = [(v.value, v.label, hints.get(v.value, "")) for v in Verdict]
    return radios("verdict", "核实结论", typed, choices)


def _satisfied(typed: Typed) -> dict[str, Any]:
    choices = [("yes", "满意", ""), ("no", "不满意", "")]
    return radios("satisfied", "评价人对整改", typed, choices)


def _is_yes(posted: Any, name: str) -> bool:
    return bool(posted.get(name, "") == "yes")


def _who(pk: int, posted: Any, actor: Actor, at: datetime) -> dict[str, Any]:
    return {"bad_rating_id": pk, "text": posted.get("text", ""), "actor": actor, "at": at}


_ALL = (
    Act(
        "verify",
        "核实",
        "核实结论已记录。",
        HANDLE,
        ("verify", "dispute"),
        _text("核实的情况", _verdicts),
        lambda pk, p, a, t: handling.verify(verdict=p.get("verdict", ""), **_who(pk, p, a, t)),
    ),
    Act(
        "contact",
        "记录联系评价人",
        "联系情况已记录。",
        HANDLE,
        ("contact",),
        _text("联系的情况", _yes_no("reached", "联系结果", "联系上了", "没有联系上")),
        lambda pk, p, a, t: handling.contact(reached=_is_yes(p, "reached"), **_who(pk, p, a, t)),
        note="只解释和听取意见,不得要求对方改评价。联系上了,回访的首次联系期限才算完成。",
        kind="secondary",
    ),
    Act(
        "review",
        "复核恶意、误评",
        "复核意见已记录。",
        REVIEW,
        ("exclude", "keep"),
        _text("复核的理由", _yes_no("exclude", "结论", "认定,不计入统计", "不予认定,转整改")),
        lambda pk, p, a, t: handling.review(exclude=_is_yes(p, "exclude"), **_who(pk, p, a, t)),
    ),
    Act(
        "remedy",
        "提交整改结果",
        "整改结果已提交负责人审批。",
        HANDLE,
        ("remedy",),
        _text("整改了什么"),
        lambda pk, p, a, t: handling.remedy(**_who(pk, p, a, t)),
    ),
    Act(
        "ledger",
        "列为复杂事项",
        "已列为复杂事项,整改期限从差评之日起延长。",
        HANDLE,
        ("ledger",),
        _text("为什么复杂,打算怎么办"),
        lambda pk, p, a, t: handling.ledger(**_who(pk, p, a, t)),
        kind="secondary",
    ),
    Act(
        "approve",
        "审批整改",
        "审批意见已记录。",
        APPROVE,
        ("approve", "approve_closing"),
        _text("审批意见", _yes_no("approved", "结论", "同意", "退回继续整改")),
        lambda pk, p, a, t: handling.approve(
            is_approved=_is_yes(p, "approved"), **_who(pk, p, a, t)
        ),
    ),
    Act(
        "call-back",
        "记录回访",
        "回访已记录,这条差评已办结。",
        HANDLE,
        ("call_back",),
        _text("回访的情况", _satisfied),
        lambda pk, p, a, t: handling.call_back(
            is_satisfied={"yes": True, "no": False}.get(p.get("satisfied", "")),
            **_who(pk, p, a, t),
        ),
    ),
)
ACTS = {act.code: act for act in _ALL}
