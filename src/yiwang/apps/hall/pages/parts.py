"""Parts that several pages of the hall show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest

from yiwang.apps.hall.domain.slots import Slot
from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.apps.hall.slots import free_slots, last_day
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.moment import BEIJING, civil_date

TONES = {
    "BOOKED": "info", "DISPLACED": "warning", "HERE": "info", "CALLED": "warning",
    "SERVING": "info", "DONE": "success", "ABSENT": "neutral", "CANCELLED": "neutral",
}  # fmt: skip


def moment_of(text: str) -> datetime | None:
    """The half hour in an address or a form, in Beijing time; None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(BEIJING) if found.tzinfo else found.replace(tzinfo=BEIJING)


def day_typed(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return default


def tag_of(row: Appointment) -> dict[str, str]:
    return {"label": row.state_label, "tone": TONES[row.state]}


def slots_ahead(zone: HelpZone, request: HttpRequest, on: date | None = None) -> list[Slot]:
    """The half hours that can be booked now: of a day, or of all days ahead."""
    at: datetime = request.at  # type: ignore[attr-defined]
    first = on if on is not None else civil_date(at)
    return free_slots(zone, first=first, last=on or last_day(at), at=at)


def by_day(slots: Iterable[Slot]) -> list[dict[str, Any]]:
    """Days with their half hours, for the zone's page."""
    return [
        {"on": on, "slots": rows, "free": sum(one.free for one in rows)}
        for on, found in groupby(slots, key=lambda one: civil_date(one.starts_at))
        for rows in [list(found)]
    ]


def slot_field(slots: list[Slot], typed: Any, chosen: str = "") -> dict[str, Any]:
    """A select of what is free; what was chosen before stays chosen while it is free."""
    wanted = typed.get("starts_at", chosen)
    options = [{"value": "", "label": "请选择时段", "selected": False}]
    options += [
        {
            "value": one.starts_at.isoformat(),
            "label": f"{cn_date(one.starts_at)} {one.starts_at:%H:%M}(还有 {one.free} 个)",
            "selected": one.starts_at.isoformat() == wanted,
        }
        for one in slots
        if one.is_free
    ]
    return {
        "name": "starts_at",
        "label": "时段",
        "kind": "select",
        "width": "w-full",
        "options": options,
        "hint": "每段半小时,请在开始前签到。",
    }


def about(row: Appointment) -> list[tuple[str, str]]:
    """What a form about an appointment says on top."""
    rows = [
        ("帮办对象", row.party_label),
        ("时段", cn_datetime(row.starts_at)),
        ("专区", f"{row.zone.hall.name} {row.zone.name}"),
        ("事项", row.item_name),
        ("需要的帮助", row.wanted or "—"),
    ]
    if row.class_name:
        rows.append(("优先", f"{row.class_name}({row.channel_label}):{row.ground}"))
    return rows


def pager(address: str, query: str, after: str | None, following: str | None) -> dict[str, str]:
    """First page and next page, with the filters of the page kept."""
    more = f"{query}&" if query else ""
    return {
        "first_url": (f"{address}?{query}" if query else address) if after else "",
        "next_url": f"?{more}after={following}" if following else "",
    }
