"""Service items and their versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.people.public import Organ


class VersionStatus(models.TextChoices):
    DRAFT = "DRAFT", "草稿"
    IN_REVIEW = "IN_REVIEW", "待审核"
    PUBLISHED = "PUBLISHED", "已发布"
    SUPERSEDED = "SUPERSEDED", "已被取代"


def version_status_choices() -> list[tuple[str, str]]:
    return VersionStatus.choices


class ServiceItem(models.Model):
    """A service item of one organ. What it is stands in its versions."""

    code = models.SlugField("标识", max_length=60, unique=True)
    name = models.CharField("名称", max_length=200)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="实施主体")
    implementation_code = models.CharField("实施编码", max_length=36, unique=True)

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.name


class ItemVersion(models.Model):
    """One version of an item's definition. Once published it is never changed (trigger); cases
    keep the version they were taken in under."""

    item = models.ForeignKey(
        ServiceItem, models.PROTECT, related_name="versions", verbose_name="事项"
    )
    number = models.PositiveIntegerField("版本号")
    status = models.CharField(
        "状态", max_length=12, choices=version_status_choices, default=VersionStatus.DRAFT
    )
    definition = models.JSONField("定义")
    digest = models.CharField("摘要", max_length=64)
    effective_on = models.DateField("生效日期")
    drafted_by = models.CharField("起草人", max_length=80)
    drafted_at = models.DateTimeField("起草时间")
    submitted_at = models.DateTimeField("送审时间", null=True)
    published_by = models.CharField("发布人", max_length=80, blank=True)
    published_at = models.DateTimeField("发布时间", null=True)
    returned_note = models.CharField("退回意见", max_length=400, blank=True)

    class Meta:
        verbose_name = "事项版本"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number"),
            models.UniqueConstraint(
                fields=["item"],
                name="item_version_one_open",
                condition=models.Q(status__in=["DRAFT", "IN_REVIEW"]),
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True, published_by="")
                | models.Q(published_at__isnull=False) & ~models.Q(published_by=""),
                name="item_version_published_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.name} 第 {self.number} 版"
