"""Keeping zones and priority classes. Nothing is deleted: a closed zone keeps its history."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases.public import GreenChannel, HelpKind
from yiwang.apps.hall.domain.slots import HoursError, parse_spans
from yiwang.apps.hall.domain.states import OPEN
from yiwang.apps.hall.domain.turns import ORDINARY_RANK
from yiwang.apps.hall.domain.vocabulary import ZoneAudience
from yiwang.apps.hall.errors import HallNotFoundError, InvalidActError, NotNowError
from yiwang.apps.hall.events import PriorityClassKept, ZoneChanged
from yiwang.apps.hall.models import Appointment, HelpZone, PriorityClass
from yiwang.apps.hall.operations.act import lock_zone
from yiwang.apps.hall.permissions import KEEP
from yiwang.apps.hall.seeing import may_at
from yiwang.apps.people.public import Area, Hall
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date
from yiwang.kernel.parameters import Mark

MOST_PLACES = 50
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
ANOTHER = "这里刚刚由别人改过,请刷新后再改。"
COLUMNS = (
    "name", "place", "kinds", "audience", "area_id", "classes", "hours", "places",
    "is_open_on_rest_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """A zone as typed; `hours`: weekday (0 is Monday) → `09:00-12:00 14:00-17:30`."""

    name: str
    place: str
    kinds: tuple[str, ...]
    audience: str
    area: str
    classes: tuple[str, ...]
    hours: Mapping[int, str]
    places: int
    is_open_on_rest_days: bool


@transaction.atomic
def keep_zone(
    *, hall_id: int, terms: ZoneTerms, actor: Actor, at: datetime, zone_id: int | None = None,
    seen: int = 0,
) -> HelpZone:  # fmt: skip
    """Add a zone, or change one that was seen in this version. What is booked stays booked.

    Raises InvalidActError, HallNotFoundError, NotNowError, AccessDeniedError.
    """
    hall = Hall.objects.filter(pk=hall_id, valid_until__isnull=True).first()
    if hall is None:
        raise HallNotFoundError("这个大厅")
    zone = HelpZone(hall=hall) if zone_id is None else lock_zone(zone_id)
    _require(actor, zone)
    if zone.valid_until is not None or zone.hall_id != hall.pk:
        raise NotNowError("这个专区已经关闭。")
    if zone.version != seen:
        raise NotNowError(ANOTHER)
    values = _checked(terms, zone)
    before = {name: getattr(zone, name) for name in COLUMNS} if zone_id else {}
    for name, value in values.items():
        setattr(zone, name, value)
    zone.version += 1
    zone.save()
    changed = {n: v for n, v in values.items() if not before or before[n] != v}
    _note(zone, "keep_zone", {"changed": sorted(changed), "places": zone.places}, actor, at)
    return zone


def _require(actor: Actor, zone: HelpZone) -> None:
    actor.require(KEEP)
    if not may_at(actor, KEEP, zone):
        raise AccessDeniedError("这个大厅不在您管理的范围内。")


def _checked(terms: ZoneTerms, zone: HelpZone) -> dict[str, Any]:
    """The columns; raises InvalidActError."""
    problems: dict[str, str] = {}
    name = terms.name.strip()
    if not 2 <= len(name) <= 60:
        problems["name"] = "请填写名称,2 到 60 个字。"
    elif HelpZone.objects.filter(hall=zone.hall, name=name).exclude(pk=zone.pk).exists():
        problems["name"] = "这个大厅已有同名的专区。"
    if not terms.kinds or not set(terms.kinds) <= set(HelpKind.values):
        problems["kinds"] = "请至少选择一种帮办。"
    if terms.audience not in ZoneAudience.__members__:
        problems["audience"] = "请选择面向谁。"
    is_for_park = terms.audience == ZoneAudience.PARK_ORGANISATIONS
    area = Area.objects.filter(pk=terms.area, is_zone=True).first() if terms.area else None
    if terms.area and (area is None or not is_for_park):
        problems["area"] = "请选择登记为园区的区域;不是面向园区的专区留空。"
    known = set(PriorityClass.objects.filter(is_active=True).values_list("code", flat=True))
    if not set(terms.classes) <= known | set(zone.classes):
        problems["classes"] = "没有这个优先类别,请重新选择。"
    if not 1 <= terms.places <= MOST_PLACES:
        problems["places"] = f"请填 1 到 {MOST_PLACES} 的人数。"
    hours = _hours(terms.hours, problems)
    if problems:
        raise InvalidActError(problems)
    values = (
        name, terms.place.strip()[:80], list(terms.kinds), terms.audience,
        area.pk if area else None, list(terms.classes), hours, terms.places,
        terms.is_open_on_rest_days,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _hours(typed: Mapping[int, str], problems: dict[str, str]) -> list[list[int]]:
    rows = []
    for weekday in range(7):
        try:
            rows += [[weekday, *span] for span in parse_spans(typed.get(weekday, ""))]
        except HoursError as error:
            problems[f"hours_{weekday}"] = str(error)
    if not rows and not problems:
        problems["hours_0"] = "请至少填一天的开放时间,例如 09:00-12:00。"
    return rows


@transaction.atomic
def close_zone(*, zone_id: int, actor: Actor, at: datetime) -> HelpZone:
    """Once nobody has an appointment there any longer. Raises NotNowError."""
    zone = lock_zone(zone_id)
    _require(actor, zone)
    number = Appointment.objects.filter(zone=zone, state__in=OPEN).count()
    if number:
        raise NotNowError(f"还有 {number} 个预约没有办完,请先办完、改约或者取消。")
    if zone.valid_until is None:
        zone.valid_until, zone.version = civil_date(at), zone.version + 1
        zone.save(update_fields=["valid_until", "version"])
        _note(zone, "close_zone", {"valid_until": str(zone.valid_until)}, actor, at)
    return zone


def _note(zone: HelpZone, verb: str, facts: dict[str, Any], actor: Actor, at: datetime) -> None:
    append(
        subject=zone.subject, operation=f"hall.{verb}", actor=actor.ref, at=at,
        facts={"hall": zone.hall_id, **facts},
    )  # fmt: skip
    publish([ZoneChanged(zone.pk)], at=at)


@dataclass(frozen=True, slots=True)
class ClassTerms:
    """A priority class as typed."""

    name: str
    rank: int
    channels: tuple[str, ...]
    source: str
    mark: str
    is_active: bool = True


@transaction.atomic
def keep_class(
    *, code: str, terms: ClassTerms, actor: Actor, at: datetime, seen: int = 0
) -> PriorityClass:
    """Add or change a class; who is waiting keeps the class they were let in with.

    Raises InvalidActError, NotNowError, AccessDeniedError.
    """
    actor.require(KEEP)
    problems = {}
    if not 2 <= len(terms.name.strip()) <= 60:
        problems["name"] = "请填写名称,2 到 60 个字。"
    if not 1 <= terms.rank < ORDINARY_RANK:
        problems["rank"] = f"请填 1 到 {ORDINARY_RANK - 1},1 最先。"
    if not terms.channels or not set(terms.channels) <= set(GreenChannel.values):
        problems["channels"] = "请至少选择一种绿色通道。"
    if not 2 <= len(terms.source.strip()) <= 200:
        problems["source"] = "请写明依据:文件名称和条款,或者「平台默认」。"
    if terms.mark not in {mark.value for mark in Mark}:
        problems["mark"] = "请选择对依据的把握。"
    if not _CODE.fullmatch(code):
        problems["code"] = "代码用小写英文字母、数字和连字符,2 到 40 位。"
    if problems:
        raise InvalidActError(problems)
    row = PriorityClass.objects.select_for_update().filter(pk=code).first()
    row = row or PriorityClass(code=code)
    if row.version != seen:
        raise NotNowError(ANOTHER if seen else "已有这个代码的类别,请打开它修改。")
    row.name, row.rank, row.channels = terms.name.strip(), terms.rank, list(terms.channels)
    row.source, row.mark, row.is_active = terms.source.strip(), terms.mark, terms.is_active
    row.version += 1
    row.save()
    append(
        subject=f"priority_class:{code}", operation="hall.keep_class", actor=actor.ref, at=at,
        facts={
            "rank": row.rank, "green_channels": row.channels, "is_active": row.is_active,
            "source": row.source,
        },
    )  # fmt: skip
    publish([PriorityClassKept(code)], at=at)
    return row
