"""The form of an authorisation: the same questions in the account and at the window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from yiwang.apps.people.authority_models import Authorisation
from yiwang.apps.people.authority_terms import Terms, longest_days
from yiwang.apps.people.domain.authority import MandateAct
from yiwang.apps.people.item_register import offered_items
from yiwang.kernel.identifiers.kinds import PaperKind

ALL, SOME = "ALL", "SOME"
ACT_HINTS = {
    MandateAct.APPLY: "填表、上传材料、提交;会看到您在政府登记的、申请表要用的信息",
    MandateAct.SUPPLY: "要补材料时替您补",
    MandateAct.COLLECT: "网上签收结果、看结果文书和取件码",
}


def posted_terms(data: Any) -> Terms:
    """What was posted, whole or not: `check_terms` says what is missing."""
    kinds = {kind.value: kind for kind in PaperKind}
    return Terms(
        name=data.get("name", "")[:100],
        paper_kind=kinds.get(data.get("paper_kind", ""), PaperKind.RESIDENT_ID),
        paper_number=data.get("paper_number", "")[:40],
        items=tuple(data.getlist("items"))[:200],
        is_for_all=data.get("scope") == ALL,
        acts=tuple(data.getlist("acts")),
        valid_from=_day(data.get("valid_from", "")),
        valid_until=_day(data.get("valid_until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def blank(today: date) -> dict[str, Any]:
    """The form at the beginning: nothing is chosen for anybody, thirty days are proposed."""
    return {
        "paper_kind": PaperKind.RESIDENT_ID.value,
        "scope": SOME,
        "items": [],
        "acts": [],
        "valid_from": str(today),
        "valid_until": str(today + timedelta(days=min(30, longest_days(today)) - 1)),
    }


def again(row: Authorisation, today: date) -> dict[str, Any]:
    """The form filled as an earlier one was: after a code that ran out nothing is typed twice."""
    start = max(row.valid_from, today)
    return {
        "principal": str(row.principal_id),
        "name": row.agent_name,
        "paper_kind": row.agent_paper_kind,
        "paper_number": row.agent_paper_number,
        "scope": ALL if row.is_for_all else SOME,
        "items": row.items,
        "acts": row.acts,
        "valid_from": str(start),
        "valid_until": str(max(start, row.valid_until)),
    }


def typed(data: Any) -> dict[str, Any]:
    """What was posted, to be shown again as it was."""
    lists = {name: data.getlist(name) for name in ("items", "acts", "seen")}
    return {**{name: data.get(name, "") for name in data}, **lists}


def person_fields(values: Mapping[str, Any], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    kinds = [kind for kind in PaperKind if kind is not PaperKind.USCC]
    return [
        _field("name", "代理人姓名", values, errors, width="w-20", maxlength=100,
               autocomplete="off", hint="和证件上一样,一个字也不能差。"),
        _field("paper_kind", "代理人证件类型", values, errors, kind="select",
               options=_options([(k.value, k.label, "") for k in kinds], values["paper_kind"])),
        _field("paper_number", "代理人证件号码", values, errors, kind="idcard", width="w-20",
               autocomplete="off"),
    ]  # fmt: skip


def terms_fields(
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    today: date,
    *,
    only_for_people: bool = False,
) -> list[dict[str, Any]]:
    offered = offered_items(today, only_for_people=only_for_people)
    scopes = [
        (SOME, "只委托下面选中的事项", ""),
        (ALL, "全部事项", "包括以后新增的事项,请想清楚再选"),
    ]
    items = [(code, name, "") for code, name in offered.items()]
    acts = [(act.value, act.label, ACT_HINTS[act]) for act in MandateAct]
    longest = f"一份委托最长 {longest_days(today)} 天,到期自动结束。"
    return [
        _field("scope", "委托哪些事项?", values, errors, kind="radios",
               options=_options(scopes, values.get("scope", SOME))),
        _field("items", "选事项", values, errors, kind="checkboxes",
               options=_options(items, values.get("items", ()))),
        _field("acts", "代理人可以办什么?", values, errors, kind="checkboxes",
               hint="撤回申请、要求听证和评价只能由您自己办。",
               options=_options(acts, values.get("acts", ()))),
        _field("valid_from", "从哪天起", values, errors, kind="native_date", width="w-12"),
        _field("valid_until", "到哪天止(含当天)", values, errors, kind="native_date",
               width="w-12", hint=longest),
    ]  # fmt: skip


def _field(
    name: str, label: str, values: Mapping[str, Any], errors: Mapping[str, str], **more: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "value": values.get(name, ""),
        "error": errors.get(name, ""),
        **more,
    }


def _options(rows: list[tuple[str, str, str]], chosen: Any) -> list[dict[str, Any]]:
    wanted = {chosen} if isinstance(chosen, str) else set(chosen)
    return [
        {"value": value, "label": label, "hint": hint, "selected": value in wanted}
        for value, label, hint in rows
    ]


def error_rows(errors: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"text": text, "url": f"#id_{name}"} for name, text in errors.items()]
