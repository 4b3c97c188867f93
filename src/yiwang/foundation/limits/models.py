from __future__ import annotations

from django.db import models


class LimitCounter(models.Model):
    """How often something was done in a window. The key is the limit's name and a keyed digest of
    whom it counts: no address and no account can be read from it. The table is unlogged: writing
    it waits for no disk, and a crash of the database forgets it, which harms nobody."""

    key = models.CharField("键", max_length=80, primary_key=True)
    began_at = models.DateTimeField("开始时间")
    used = models.PositiveIntegerField("次数")

    class Meta:
        verbose_name = "访问计数"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.key}: {self.used}"
