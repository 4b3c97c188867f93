"""`yiwang retention`: what is not needed any more goes, and the record stays whole.

The record holds ids and salted digests only, so nothing here touches it: drafts, sessions,
deliveries, bodies of old messages, counters and files that nothing refers to. What the record
names (a paper, a material that was handed in, even one replaced later) stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import QuerySet

from yiwang.apps.cases.models import Draft
from yiwang.apps.cases.operations.erasing import erasable, erase
from yiwang.apps.hall.public import old_wishes
from yiwang.apps.partners import upkeep
from yiwang.foundation.access import system_actor
from yiwang.foundation.clockwork import offset
from yiwang.foundation.files import removing
from yiwang.foundation.messaging.models import Message, MessageStatus
from yiwang.foundation.outbox.models import OutboxDelivery, OutboxEvent, OutboxStatus
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import civil_date
from yiwang.site.keeping.periods import SECURITY_AT_LEAST

BODY_GONE = "(内容已过保存期限,不再保留)"
BATCH = 500
Count = Callable[[datetime], int]
Do = Callable[[datetime, int], int]


@dataclass(frozen=True, slots=True)
class Periods:
    """Days each kind is kept."""

    drafts: int
    forms: int
    events: int
    messages: int
    appointments: int
    security: int

    @classmethod
    def on(cls, day: date) -> Periods:
        """What the city ruled for this day (foundation/parameters)."""
        return cls(**{f.name: parameter(f"keeping.{f.name}", on=day).value for f in fields(cls)})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: its name, the rule in words, how many would go, and the going of at most
    so many."""

    name: str
    rule: str
    count: Count
    do: Do


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    rule: str
    number: int


def kinds(periods: Periods) -> tuple[Kind, ...]:
    """In this order: a draft's files are orphans only after it has gone."""
    return (
        Kind("草稿", f"{periods.drafts} 天没有动过",
             lambda at: _old_drafts(at, periods).count(),
             lambda at, most: _delete_drafts(at, periods, most)),
        *_forms(periods),
        Kind("草稿的附件", "草稿已删除或文件已换掉,一天以上",
             _count_orphans, _delete_orphans),
        Kind("文件内容", "没有任何附件和文书引用,一天以上",
             lambda at: removing.count_unneeded(_rested(at))[0], _delete_contents),
        Kind("磁盘上的遗留文件", "数据库里没有登记,一天以上",
             lambda at: sum(1 for _ in removing.strays()), _delete_strays),
        Kind("会话", "已过期", lambda at: _ended_sessions(at).count(), _delete_sessions),
        Kind("已投递的事件", f"{periods.events} 天以前",
             lambda at: _old_events(at, periods).count(),
             lambda at, most: _delete_events(at, periods, most)),
        Kind("消息正文", f"{periods.messages} 天以前,标题和时间保留",
             lambda at: _old_messages(at, periods).count(),
             lambda at, most: _blank_messages(at, periods, most)),
        Kind("帮办预约里写的内容", f"{periods.appointments} 天以前,预约和记录保留",
             lambda at: _old_wishes(at, periods).count(),
             lambda at, most: _forget_wishes(at, periods, most)),
        Kind("安全日志", f"{periods.security} 天以前(不少于 {SECURITY_AT_LEAST} 天)",
             lambda at: _count_security(at, periods),
             lambda at, most: _forget_security(at, periods, most)),
        _rows("访问令牌", "已失效", upkeep.ended_tokens),
        _rows("登录授权码和令牌", "一天以前", upkeep.ended_codes),
        _rows("幂等请求的答复", "一天以前", upkeep.old_answers),
        _rows("部门系统的事件", f"{upkeep.NEWS_KEPT.days} 天以前", upkeep.old_news),
        Kind("访问计数", "一天以前", _count_counters, _delete_counters),
    )  # fmt: skip


def _forms(periods: Periods) -> tuple[Kind, ...]:
    """Answers of cases that ended long ago: only where a period is set, since it is the archive's
    rule and not ours (0: never)."""
    if not periods.forms:
        return ()
    kept = timedelta(days=periods.forms)
    return (
        Kind("办件的申请内容", f"终结 {periods.forms} 天以后",
             lambda at: len(erasable(kept=kept, at=at, limit=100_000)),
             lambda at, most: _erase_forms(kept, at, most)),
    )  # fmt: skip


def _rows(name: str, rule: str, found: Callable[[datetime], QuerySet[Any]]) -> Kind:
    """Rows that simply go, with what hangs on them."""
    return Kind(
        name, rule, lambda at: found(at).count(), lambda at, most: _delete_rows(found(at), most)
    )


def _delete_rows(rows: QuerySet[Any], most: int) -> int:
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    rows.model.objects.filter(pk__in=found).delete()
    return len(found)


def _erase_forms(kept: timedelta, at: datetime, most: int) -> int:
    who = system_actor("retention")
    found = erasable(kept=kept, at=at, limit=most)
    return sum(bool(erase(case_id=pk, kept=kept, actor=who, at=at)) for pk in found)


def survey(*, at: datetime) -> list[Line]:
    """What would go now. Orphans of drafts that are still to go are counted after them."""
    return [
        Line(kind.name, kind.rule, kind.count(at)) for kind in kinds(Periods.on(civil_date(at)))
    ]


def carry_out(*, at: datetime, most: int | None = None) -> list[Line]:
    """Let it go; at most `most` of each kind, or all. What is broken off goes another time."""
    lines = []
    for kind in kinds(Periods.on(civil_date(at))):
        number = 0
        while most is None or number < most:
            done = kind.do(at, min(BATCH, most - number) if most else BATCH)
            number += done
            if not done:
                break
        lines.append(Line(kind.name, kind.rule, number))
    return lines


def _rested(at: datetime) -> datetime:
    return at - timedelta(days=1)


def _old_drafts(at: datetime, periods: Periods) -> QuerySet[Draft]:
    return Draft.objects.filter(saved_at__lt=at - timedelta(days=periods.drafts))


def _delete_drafts(at: datetime, periods: Periods, most: int) -> int:
    with transaction.atomic():
        # Locked, and looked at again: somebody may be saving it at this instant.
        found = list(
            _old_drafts(at, periods)
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", flat=True)[:most]
        )
        Draft.objects.filter(pk__in=found).delete()
    return len(found)


def _orphans() -> str:
    """Attachments of drafts that neither a draft, a material nor the record names any more."""
    named = "LIKE '%%' || a.id || '%%'"
    draft = "CASE WHEN a.subject LIKE 'draft:%%' THEN substr(a.subject, 7)::uuid END"
    return (
        "FROM files_attachment a WHERE a.subject LIKE 'draft:%%' AND a.uploaded_at < %s "
        f"AND {removing.unreferenced_attachments()} "
        f"AND NOT EXISTS (SELECT 1 FROM cases_draft d WHERE d.id = {draft} "
        f"AND d.files::text {named}) "
        "AND NOT EXISTS (SELECT 1 FROM cases_case c JOIN record_recordentry r "
        f"ON r.subject = 'case:' || c.id WHERE c.filing_key = {draft} AND r.facts::text {named})"
    )


def _count_orphans(at: datetime) -> int:
    return _number(f"SELECT count(*) {_orphans()}", _rested(at))


def _delete_orphans(at: datetime, most: int) -> int:
    return _number(
        "WITH gone AS (DELETE FROM files_attachment WHERE id IN "
        f"(SELECT a.id {_orphans()} LIMIT %s) RETURNING 1) SELECT count(*) FROM gone",
        _rested(at),
        most,
    )


def _delete_contents(at: datetime, most: int) -> int:
    with removing.alone() as is_alone:
        return removing.remove_unneeded(_rested(at), most=most) if is_alone else 0


def _delete_strays(at: datetime, most: int) -> int:
    with removing.alone() as is_alone:
        return removing.remove_strays() if is_alone else 0


def _ended_sessions(at: datetime) -> QuerySet[Session]:
    # A session lives by real time, whatever the demonstration clock shows.
    return Session.objects.filter(expire_date__lt=at - offset())


def _delete_sessions(at: datetime, most: int) -> int:
    found = list(_ended_sessions(at).values_list("pk", flat=True)[:most])
    return Session.objects.filter(pk__in=found).delete()[0]


def _old_events(at: datetime, periods: Periods) -> QuerySet[OutboxEvent]:
    before = at - timedelta(days=periods.events)
    return OutboxEvent.objects.filter(status=OutboxStatus.DONE, at__lt=before)


def _delete_events(at: datetime, periods: Periods, most: int) -> int:
    with transaction.atomic():
        found = list(_old_events(at, periods).order_by("id").values_list("pk", flat=True)[:most])
        OutboxDelivery.objects.filter(event__in=found).delete()
        OutboxEvent.objects.filter(pk__in=found).delete()
    return len(found)


def _old_messages(at: datetime, periods: Periods) -> QuerySet[Message]:
    waiting = (MessageStatus.PENDING, MessageStatus.FAILED)
    before = at - timedelta(days=periods.messages)
    return (
        Message.objects.filter(created_at__lt=before)
        .exclude(body=BODY_GONE)
        .exclude(status__in=waiting)
    )


def _blank_messages(at: datetime, periods: Periods, most: int) -> int:
    found = list(_old_messages(at, periods).order_by("id").values_list("pk", flat=True)[:most])
    return Message.objects.filter(pk__in=found).update(body=BODY_GONE)


def _old_wishes(at: datetime, periods: Periods) -> QuerySet[Any]:
    return old_wishes(civil_date(at - timedelta(days=periods.appointments)))


def _forget_wishes(at: datetime, periods: Periods, most: int) -> int:
    rows = _old_wishes(at, periods)
    found = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    return rows.model._default_manager.filter(pk__in=found).update(wanted=None)


# The database's own clock has the last word on the 180 days.
_SECURITY = f"LEAST(%s, now() - interval '{SECURITY_AT_LEAST} days')"


def _security(at: datetime, periods: Periods) -> datetime:
    return at - offset() - timedelta(days=periods.security)


def _count_security(at: datetime, periods: Periods) -> int:
    sql = f"SELECT count(*) FROM people_securityevent WHERE at < {_SECURITY}"
    return _number(sql, _security(at, periods))


def _forget_security(at: datetime, periods: Periods, most: int) -> int:
    sql = f"SELECT people_forget_security_events({_SECURITY}, %s)"
    return _number(sql, _security(at, periods), most)


_COUNTERS = "limits_limitcounter WHERE began_at < statement_timestamp() - interval '1 day'"


def _count_counters(at: datetime) -> int:
    return _number(f"SELECT count(*) FROM {_COUNTERS}")


def _delete_counters(at: datetime, most: int) -> int:
    return _number(f"WITH gone AS (DELETE FROM {_COUNTERS} RETURNING 1) SELECT count(*) FROM gone")


def _number(sql: str, *parameters: int | datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.fetchone()[0])
