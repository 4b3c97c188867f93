"""Which priority classes count in a zone. A class is found by the claim's own code (绿色通道)."""

from __future__ import annotations

from yiwang.apps.cases.public import GreenChannel
from yiwang.apps.hall.errors import InvalidActError
from yiwang.apps.hall.models import HelpZone, PriorityClass


def classes_of(zone: HelpZone) -> list[PriorityClass]:
    """Those in use, first served first. One statement."""
    rows = PriorityClass.objects.filter(code__in=zone.classes, is_active=True)
    return list(rows.order_by("rank", "code"))


def class_of(zone: HelpZone, channel: str) -> PriorityClass:
    """Raises InvalidActError for a claim that does not count here."""
    found = next((one for one in classes_of(zone) if channel in one.channels), None)
    if found is None:
        raise InvalidActError({"channel": "这个专区没有这一类优先,请重新选择。"})
    return found


def claims_of(classes: list[PriorityClass]) -> list[tuple[str, str, str]]:
    """(code, word, class with its ground) of every claim that counts, without doubles."""
    found = {
        code: (code, GreenChannel(code).label, f"{one.name}({one.source},{one.mark_label})")
        for one in reversed(classes)
        for code in one.channels
    }
    return [found[code] for code in dict.fromkeys(c for one in classes for c in one.channels)]
