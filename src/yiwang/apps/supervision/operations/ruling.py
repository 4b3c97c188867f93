"""The rule table: seeded once, changed by dated versions that two persons make."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import connection, transaction

from yiwang.apps.supervision.domain.evaluating import Rule
from yiwang.apps.supervision.domain.vocabulary import Condition, RuleStatus, Signal, ThresholdUnit
from yiwang.apps.supervision.errors import InvalidActError, NotNowError, RuleNotFoundError
from yiwang.apps.supervision.models import SupervisionRule
from yiwang.apps.supervision.permissions import KEEP_RULES
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date

PACKAGE = Path(__file__).parent.parent / "rules.yaml"
SEED, AUTHOR, APPROVER = "system:seed", "随平台提供", "平台默认,未经本市审定"
SINCE = date(2020, 1, 1)
PLACES = ("number", "item", "target", "due", "threshold")
# Nothing but these names: a format string can reach into whatever it is given.
_PLACE = re.compile(rf"\{{({'|'.join(PLACES)})\}}")
MOST = {ThresholdUnit.WORKING_DAY: 60, ThresholdUnit.HOUR: 8, ThresholdUnit.TIMES: 9}


@transaction.atomic
def seed_rules(*, at: datetime) -> int:
    """Enter the package's rules that the table does not know yet; returns how many."""
    with connection.cursor() as cursor:
        # Two starts at once must not both find the table empty.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('supervision.rules'))")
    known = set(SupervisionRule.objects.values_list("code", flat=True))
    rows = [
        SupervisionRule(
            **row,
            version=1,
            valid_from=SINCE,
            status=RuleStatus.CONFIRMED.value,
            drafted_by=SEED,
            drafted_by_label=AUTHOR,
            drafted_at=at,
            confirmed_by=SEED,
            confirmed_by_label=APPROVER,
            confirmed_at=at,
        )
        for row in yaml.safe_load(PACKAGE.read_text(encoding="utf-8"))
        if row["code"] not in known
    ]
    SupervisionRule.objects.bulk_create(rows)
    for row in rows:
        _record(row, "supervision.confirm_rule", SEED, at)
    return len(rows)


def rules_in_force(*, on: date) -> list[Rule]:
    """The rules of a day; one statement."""
    rows = (
        SupervisionRule.objects.filter(status=RuleStatus.CONFIRMED.value, valid_from__lte=on)
        .order_by("code", "-version")
        .distinct("code")
    )
    return [as_rule(row) for row in rows if row.is_active]


def as_rule(row: SupervisionRule) -> Rule:
    return Rule(
        pk=row.pk,
        code=row.code,
        version=row.version,
        signal=Signal(row.signal),
        condition=Condition(row.condition),
        number=row.number,
        unit=ThresholdUnit(row.unit),
        text=row.text,
        article=row.article,
    )


@transaction.atomic
def draft_rule(
    *,
    code: str,
    number: int,
    text: str,
    article: str,
    is_active: bool,
    valid_from: date | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> SupervisionRule:
    """起草 a new version of a rule. Signal and condition stay: another condition is another rule.

    Raises InvalidActError, NotNowError (a draft waits already), RuleNotFoundError.
    """
    actor.require(KEEP_RULES)
    rows = list(SupervisionRule.objects.select_for_update().filter(code=code).order_by("version"))
    if not rows:
        raise RuleNotFoundError
    if any(row.status == RuleStatus.DRAFT.value for row in rows):
        raise NotNowError("这条规则已有一个待确认的修改,请先确认或退回它。")
    last = rows[-1]
    problems = _problems(last, number, text, article, valid_from, reason, civil_date(at))
    if problems:
        raise InvalidActError(problems)
    assert valid_from is not None
    row = SupervisionRule.objects.create(
        code=code,
        version=last.version + 1,
        signal=last.signal,
        condition=last.condition,
        number=number,
        unit=last.unit,
        text=text.strip(),
        article=article.strip(),
        is_active=is_active,
        valid_from=valid_from,
        status=RuleStatus.DRAFT.value,
        reason=reason.strip(),
        drafted_by=actor.ref,
        drafted_by_label=actor.label[:80],
        drafted_at=at,
    )
    _record(row, "supervision.draft_rule", actor.ref, at)
    return row


def _problems(
    row: SupervisionRule,
    number: int,
    text: str,
    article: str,
    valid_from: date | None,
    reason: str,
    today: date,
) -> dict[str, str]:
    problems = {}
    unit = ThresholdUnit(row.unit)
    if unit is not ThresholdUnit.NONE and not 1 <= number <= MOST[unit]:
        problems["number"] = f"阈值要在 1 到 {MOST[unit]} {unit.label}之间。"
    if set("{}") & set(_PLACE.sub("", text)):
        problems["text"] = f"文字里只能用这些占位:{' '.join('{' + name + '}' for name in PLACES)}。"
    elif not 4 <= len(text.strip()) <= 300:
        problems["text"] = "文字要有 4 到 300 个字。"
    if not 2 <= len(article.strip()) <= 200:
        problems["article"] = "请写明依据或来源。"
    if valid_from is None:
        problems["valid_from"] = "请选择生效日期。"
    elif valid_from < today:
        problems["valid_from"] = "规则不能追溯生效,请选今天或以后的日期。"
    if not 4 <= len(reason.strip()) <= 300:
        problems["reason"] = "请写明为什么修改。"
    return problems


@transaction.atomic
def settle_rule(*, code: str, is_confirmed: bool, actor: Actor, at: datetime) -> SupervisionRule:
    """确认 or 退回 the waiting version: by another person than its author.

    A version whose day has passed while it waited begins today at the earliest, so it is returned
    for another date. Raises AccessDeniedError, NotNowError.
    """
    actor.require(KEEP_RULES)
    row = (
        SupervisionRule.objects.select_for_update()
        .filter(code=code, status=RuleStatus.DRAFT.value)
        .first()
    )
    if row is None:
        raise NotNowError("这条规则没有待确认的修改,可能已由别人办理。")
    if row.drafted_by == actor.ref:
        raise AccessDeniedError(
            "规则由一人起草、另一人确认:请由其他监察人员确认或退回您起草的修改。"
        )
    if is_confirmed and row.valid_from < civil_date(at):
        raise NotNowError("生效日期已经过去,规则不能追溯生效。请退回,重新起草。")
    status = RuleStatus.CONFIRMED if is_confirmed else RuleStatus.RETURNED
    row.status, row.confirmed_at = status.value, at
    row.confirmed_by, row.confirmed_by_label = actor.ref, actor.label[:80]
    row.save(update_fields=["status", "confirmed_at", "confirmed_by", "confirmed_by_label"])
    operation = "supervision.confirm_rule" if is_confirmed else "supervision.return_rule"
    _record(row, operation, actor.ref, at)
    return row


def _record(row: SupervisionRule, operation: str, actor: str, at: datetime) -> None:
    facts: dict[str, Any] = {
        "version": row.version,
        "threshold": row.threshold,
        "is_active": row.is_active,
        "valid_from": row.valid_from.isoformat(),
        "status": row.status,
    }
    append(subject=row.subject, operation=operation, actor=actor, at=at, facts=facts)
