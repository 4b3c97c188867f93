"""The terms of a proposal, and the two endings of it that every kind of dated data shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from yiwang.foundation.access import Actor
from yiwang.foundation.ruling.models import Proposed

SHORTEST, LONGEST = 4, 300
LATEST = timedelta(days=3 * 366)
P = TypeVar("P", bound=Proposed)


class RulingError(Exception):
    """It cannot be done now; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidRulingError(Exception):
    """`fields`: name → what to do."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("有内容需要修改。")
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Terms:
    """From which day, by which document, why. `valid_from` None where it could not be read."""

    valid_from: date | None
    source: str
    article: str
    reason: str


def problems_of_terms(terms: Terms, today: date) -> dict[str, str]:
    """What is wrong with the terms, by field."""
    found = {}
    if terms.valid_from is None or not today <= terms.valid_from <= today + LATEST:
        found["valid_from"] = "请填写今天或以后、三年以内的日期;不能往前改。"
    if not 2 <= len(terms.source.strip()) <= 200:
        found["source"] = "请填写依据的文件,例如 市政务服务管理局 2026 年 12 号文。"
    if len(terms.article.strip()) > 80:
        found["article"] = "条款最多 80 个字。"
    return found | problems_of_reason(terms.reason)


def problems_of_reason(reason: str) -> dict[str, str]:
    """What is wrong with a reason, as the field `reason`."""
    if SHORTEST <= len(reason.strip()) <= LONGEST:
        return {}
    return {"reason": f"请写明理由,{SHORTEST} 到 {LONGEST} 个字。"}


def open_proposal(model: type[P], proposal_id: int) -> P | None:
    """The proposal, locked, while nobody has settled it."""
    rows = model._default_manager.select_for_update()
    return rows.filter(pk=proposal_id, settled_at__isnull=True).first()


def reason_not_to_confirm(row: Proposed, actor: Actor, today: date) -> str:
    """Why this person cannot confirm this proposal today; "" where nothing is in the way."""
    if row.proposed_by == actor.ref:
        return "这是您自己提出的,要由另一个人确认。"
    if row.valid_from < today:
        return "生效日期已经过去,不能往前改;请退回后重新提出。"
    return ""


def proposed_columns(terms: Terms, actor: Actor, at: datetime) -> dict[str, Any]:
    """The columns of `Proposed` for terms without a problem."""
    return {
        "valid_from": terms.valid_from,
        "source": terms.source.strip(),
        "article": terms.article.strip(),
        "reason": terms.reason.strip(),
        "proposed_by": actor.ref,
        "proposed_by_label": actor.label[:80],
        "proposed_at": at,
    }


def ruled_columns(row: Proposed, actor: Actor, at: datetime) -> dict[str, Any]:
    """The columns of `Ruled` for a proposal that this person confirms."""
    copied = ("valid_from", "source", "article", "reason", "proposed_by", "proposed_by_label")
    return {
        **{name: getattr(row, name) for name in copied},
        "confirmed_by": actor.ref,
        "confirmed_by_label": actor.label[:80],
        "confirmed_at": at,
    }


def settle(row: Proposed, at: datetime, *, by: Actor | None = None, reason: str = "") -> None:
    """Confirmed; or, with `by` and `reason`, sent back."""
    row.settled_at = at
    row.dropped_by, row.dropped_reason = (by.ref if by else ""), reason.strip()
    row.save(update_fields=["settled_at", "dropped_by", "dropped_reason"])
