"""The words of the hall's codes."""

from __future__ import annotations

from yiwang.kernel.labelled import LabelledEnum


class ZoneAudience(LabelledEnum):
    """Whom a zone is for."""

    EVERYBODY = "EVERYBODY", "所有人"
    ORGANISATIONS = "ORGANISATIONS", "企业和单位"
    PARK_ORGANISATIONS = "PARK_ORGANISATIONS", "园区内的企业和单位"


class RosterHalf(LabelledEnum):
    """Half a day of a roster; the afternoon begins at noon."""

    MORNING = "MORNING", "上午"
    AFTERNOON = "AFTERNOON", "下午"


class BookedVia(LabelledEnum):
    ONLINE = "ONLINE", "网上预约"
    WINDOW = "WINDOW", "窗口代约"
    PHONE = "PHONE", "电话预约"
