"""What an authorisation says, and what has to be right about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.apps.people.domain.authority import MandateAct
from yiwang.apps.people.domain.parameters import AUTHORISATION_DAYS
from yiwang.apps.people.item_register import offered_items
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.identifiers import papers
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import chinese_date

YEAR = 365


class AuthorityError(Exception):
    """It cannot be done; `message` says why and what to do, `fields` where (name → what)."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.fields = message, fields or {}


class InvalidTermsError(AuthorityError):
    """What was typed needs mending; `fields` says where."""


class AuthorityNotFoundError(AuthorityError):
    def __init__(self) -> None:
        super().__init__("没有找到这份委托。请从「授权委托」里重新打开。")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is authorised: to whom (as on the paper), which items, which acts, from when to when.

    `is_for_all` is 全部事项, chosen by itself; with it `items` is empty.
    """

    name: str
    paper_kind: PaperKind
    paper_number: str
    items: tuple[str, ...]
    is_for_all: bool
    acts: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None


def longest_days(today: date) -> int:
    """The longest an authorisation of this day may last: a year at most."""
    return parameter(AUTHORISATION_DAYS, on=today).value


def check_terms(terms: Terms, *, today: date) -> dict[str, str]:
    """Everything that needs mending, by field."""
    found = {}
    if not terms.name.strip():
        found["name"] = "请填写代理人的姓名,和证件上一样。"
    checked = papers.check(terms.paper_kind, terms.paper_number)
    if terms.paper_kind is PaperKind.USCC:
        found["paper_kind"] = "代理人要是个人,请选择个人的证件。"
    elif not checked.is_valid:
        found["paper_number"] = checked.errors[0].message
    unknown = set(terms.items) - set(offered_items(today))
    if terms.is_for_all and terms.items:
        found["items"] = "已经选了「全部事项」,请不要再选单个事项;或者取消「全部事项」。"
    elif not terms.is_for_all and not terms.items:
        found["items"] = "请至少选一个要委托的事项。"
    elif unknown:
        found["items"] = f"没有这些事项,请重新选择:{'、'.join(sorted(unknown))[:100]}。"
    if not terms.acts or set(terms.acts) - {act.value for act in MandateAct}:
        found["acts"] = "请选择代理人可以办什么,至少选一项。"
    return found | _check_days(terms, today)


def _check_days(terms: Terms, today: date) -> dict[str, str]:
    start, until, most = terms.valid_from, terms.valid_until, longest_days(today)
    if start is None:
        return {"valid_from": "请填写从哪天起,例如 2026-11-21。"}
    if until is None:
        return {"valid_until": "请填写到哪天止,例如 2026-12-31。"}
    if start < today:
        return {"valid_from": "开始日期已经过去,请填今天或以后。"}
    if start > today + timedelta(days=YEAR):
        return {"valid_from": "开始日期太远,请在一年以内。"}
    if until < start:
        return {"valid_until": "结束日期要在开始日期当天或以后。"}
    if (until - start).days >= most:
        last = chinese_date(start + timedelta(days=most - 1))
        return {"valid_until": f"一份委托最长 {most} 天,请填 {last} 或更早;到期可以再委托。"}
    return {}
