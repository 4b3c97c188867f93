"""A new item from the few things that only its editor knows; the rest is the lawful default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from yiwang.apps.catalog.domain.vocabulary import CaseKind, ItemKind, Mark, Regime
from yiwang.apps.catalog.plain.values import limit_typed

_REGIMES = {
    ItemKind.PERMIT: Regime.PERMIT,
    ItemKind.PAYMENT: Regime.PAYMENT,
    ItemKind.CONFIRMATION: Regime.CONFIRMATION,
    ItemKind.REWARD: Regime.REWARD,
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """What was typed; limits in words, `statutory` empty where the law sets none."""

    code: str
    name: str
    organ: str
    kind: str
    catalog_code: str
    level: str
    audiences: list[str]
    summary: str
    law: str
    article: str
    statutory: str
    promised: str
    review_organ: str
    review_address: str
    court: str


def values_of(typed: Beginning, on: date) -> dict[str, Any]:
    """The package of a first draft that begins on a day: a form that asks who applies, one review
    step and the decision, and every term of 行政许可法 where it is a permit."""
    kind = next((k for k in ItemKind if k == typed.kind), None)
    is_permit = kind is ItemKind.PERMIT
    promised = limit_typed(typed.promised)
    is_immediate = promised == "0wd"
    values: dict[str, Any] = {
        "code": typed.code.strip(),
        "name": typed.name,
        "organ": typed.organ,
        "kind": typed.kind,
        "regime": _REGIMES.get(kind, Regime.PUBLIC_SERVICE) if kind else Regime.PUBLIC_SERVICE,
        "case_kind": CaseKind.IMMEDIATE if is_immediate else CaseKind.PROMISED,
        "catalog_code": typed.catalog_code.strip(),
        "level": typed.level,
        "audiences": typed.audiences,
        "summary": typed.summary,
        "bases": [{"law": typed.law, "article": typed.article.strip()}],
        "limits": _limits(typed, promised, is_permit),
        "deemed_acceptance": "FROM_RECEIPT" if is_permit else "NEVER",
        "deemed_acceptance_article": "行政许可法 §32" if is_permit else "",
        "form": _FORM,
        "materials": [_APPLICATION | {"basis": typed.law.strip() or typed.name}],
        "route": _route(is_immediate),
        "result": {
            "kind": "DOCUMENT",
            "name": f"{typed.name.strip()}结果",
            "number_word": typed.name.strip()[:2] or "文",
            "delivery": ["ONLINE", "WINDOW"],
        },
        "remedy": {
            "review_organ": typed.review_organ,
            "review_address": typed.review_address,
            "court": typed.court,
            "note": "自知道决定之日起60日内可以申请行政复议,6个月内可以提起行政诉讼。",
        },
        "effective_on": on.isoformat(),
    }
    return values


def _limits(typed: Beginning, promised: str, is_permit: bool) -> dict[str, Any]:
    start = "ACCEPTED" if is_permit else "RECEIVED"
    mark = Mark.REMEMBERED.value
    receipt = {"limit": "5wd", "start": "RECEIVED", "article": "行政许可法 §32", "mark": "D"}
    if not is_permit:
        receipt = {"limit": "1wd", "start": "RECEIVED", "mark": mark}
    article = f"{typed.law.strip()} {typed.article.strip()}".strip()
    statutory = {
        "limit": limit_typed(typed.statutory), "start": start, "article": article, "mark": mark,
    }  # fmt: skip
    delivery = {"limit": "10wd", "start": "DECIDED", "article": "行政许可法 §44", "mark": "D"}
    return {
        "receipt": receipt,
        "statutory": statutory if typed.statutory.strip() else None,
        "promised": {"limit": promised, "start": start, "mark": mark},
        "delivery": delivery if is_permit else None,
    }


def _route(is_immediate: bool) -> list[dict[str, Any]]:
    limit = "0wd" if is_immediate else "1wd"
    return [
        {"code": "review", "name": "审查", "job": "review", "limit": limit},
        {"code": "decide", "name": "决定", "job": "decide", "limit": limit, "after": ["review"]},
    ]


_FORM = {
    "sections": [
        {
            "title": "申请人信息",
            "hint": "信息取自您的身份证件,请核对。",
            "fields": ["name", "paper_number", "phone", "truth_statement"],
        }
    ],
    "schema": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "paper_number", "phone", "truth_statement"],
        "properties": {
            "name": {"title": "姓名", "type": "string", "minLength": 2, "maxLength": 60,
                     "x-prefill": "person.name"},
            "paper_number": {"title": "证件号码", "type": "string", "minLength": 5,
                             "maxLength": 30, "x-prefill": "person.id_number",
                             "x-sensitive": True},
            "phone": {"title": "手机号码", "type": "string", "format": "phone", "maxLength": 20,
                      "x-prefill": "person.phone", "x-sensitive": True},
            "truth_statement": {"title": "我保证填写的信息真实", "type": "boolean",
                                "const": True},
        },
    },
}  # fmt: skip
_APPLICATION: dict[str, Any] = {
    "code": "application",
    "name": "申请表",
    "source": "FORM",
    "is_reusable": False,
    "points": [{"code": "complete", "text": "必填项目齐全,申请人已经确认"}],
    "advice": "在线填写后自动生成,不用另外准备。",
}
