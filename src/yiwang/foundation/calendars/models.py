from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.kernel.calendar import DayKind


def day_kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in DayKind]


class CalendarNotice(models.Model):
    """A notice that arranges the days of a year (国务院办公厅放假通知, or a local change)."""

    year = models.PositiveSmallIntegerField("年份")
    title = models.CharField("名称", max_length=200)
    document_number = models.CharField("文号", max_length=80, blank=True)
    entered_at = models.DateTimeField("录入时间")
    entered_by = models.CharField("录入人", max_length=80)

    class Meta:
        verbose_name = "放假安排"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.title


class CalendarRow(models.Model):
    """A day that is not simply a weekday or a weekend. A year with a notice has only such rows."""

    on = models.DateField("日期", primary_key=True)
    kind = models.CharField("种类", max_length=10, choices=day_kind_choices)
    name = models.CharField("节日", max_length=40, blank=True)
    notice = models.ForeignKey(CalendarNotice, models.PROTECT, verbose_name="依据")

    class Meta:
        verbose_name = "日历日"
        verbose_name_plural = verbose_name
        ordering: ClassVar = []

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"
