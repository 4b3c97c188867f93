"""Filters of the work lists that somebody keeps under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.cases.domain.filters import WorkList
from yiwang.apps.people.public import Account


def work_list_choices() -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in WorkList]


class SavedFilter(models.Model):
    """A combination of filters of one list, as its canonical query. A convenience of one person:
    nothing of a case, so it is not in the record."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="账号")
    work_list = models.CharField("列表", max_length=10, choices=work_list_choices)
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=400)
    is_default = models.BooleanField("默认", default=False)
    uses = models.PositiveIntegerField("使用次数", default=0)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "已存筛选"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="saved_filter_name"),
            models.UniqueConstraint(
                fields=["account", "work_list"],
                name="saved_filter_default",
                condition=models.Q(is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name
