"""When a source of certificates could not be asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SourceOutage(models.Model):
    """A source that gives no answer: what it would know is neither held nor missing meanwhile.

    `kinds` are the licence kinds it answers for; they never change. Open until `ended_at`.
    """

    source = models.CharField("数据源", max_length=120)
    kinds = models.JSONField("证照种类", default=list)
    reason = models.CharField("情况", max_length=300)
    began_at = models.DateTimeField("开始时间")
    noted_by = models.CharField("登记人", max_length=80)
    noted_by_label = models.CharField("登记人(显示)", max_length=80)
    ended_at = models.DateTimeField("恢复时间", null=True)
    ended_by = models.CharField("登记恢复的人", max_length=80, blank=True)

    class Meta:
        verbose_name = "数据源中断"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by="")
                | models.Q(ended_at__gte=models.F("began_at")) & ~models.Q(ended_by=""),
                name="source_outage_ended_pair",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(ended_at__isnull=True),
                name="source_outage_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.began_at}"

    @property
    def record_subject(self) -> str:
        return f"source_outage:{self.pk}"
