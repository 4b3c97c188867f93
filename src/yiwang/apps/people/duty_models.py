"""Who does whose work for a time, beyond the deputies of somebody who is away."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Handover(models.Model):
    """The queue of one's post passed to a colleague from–until, with a reason. It gives nobody a
    right the security administrator did not: the colleague holds the same role at the organ, or is
    a deputy (B角) of the post. It ends by itself."""

    post = models.ForeignKey(
        "people.Post", models.PROTECT, related_name="handovers", verbose_name="岗位"
    )
    giver = models.ForeignKey(
        "people.Account", models.PROTECT, related_name="+", verbose_name="移交人"
    )
    receiver = models.ForeignKey(
        "people.Account", models.PROTECT, related_name="+", verbose_name="接办人"
    )
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    reason = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = "待办移交"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="handover_order"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="handover_to_another"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["receiver", "ends_at"], name="handover_receiver"),
            models.Index(fields=["giver", "ends_at"], name="handover_giver"),
            models.Index(fields=["post", "ends_at"], name="handover_post"),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.receiver_id} {self.starts_at}"
