"""绿色通道: the order in which a window takes cases."""

from __future__ import annotations

from django.db import models


class GreenChannel(models.TextChoices):
    """绿色通道: who is served first at a window, and why."""

    ELDER = "ELDER", "老年人"
    DISABLED = "DISABLED", "残疾人"
    PREGNANT = "PREGNANT", "孕产妇"
    MILITARY = "MILITARY", "军人军属"
    URGENT = "URGENT", "紧急事由"
    PARK = "PARK", "园区企业"


def green_channel_choices() -> list[tuple[str, str]]:
    return GreenChannel.choices


# The order of a window's list: the green channel, then everybody else.
FIRST, ORDINARY = 0, 1
