from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """What can be found: never a secret, never a natural person's number or phone.

    Its own table: tokens kept in the row they describe stall that row's updates.
    """

    kind = models.CharField("种类", max_length=20)
    key = models.CharField("对象", max_length=80)
    scope = models.CharField("范围", max_length=40, blank=True)
    title = models.CharField("标题", max_length=200)
    rank = models.SmallIntegerField("权重", default=0)
    tokens = SearchVectorField("词元")

    class Meta:
        verbose_name = "检索条目"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="search_kind_key")
        ]
        indexes: ClassVar = [GinIndex(fields=["tokens"], name="search_tokens", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
