"""What was proposed and what was ruled. A ruled value is never changed: another follows it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ParameterProposal(models.Model):
    """Somebody wants a parameter to be another number from a day on; open until it is settled."""

    code = models.CharField("参数", max_length=60)
    value = models.PositiveIntegerField("数值")
    valid_from = models.DateField("生效日期")
    source = models.CharField("依据文件", max_length=200)
    article = models.CharField("条款", max_length=80, blank=True)
    reason = models.CharField("理由", max_length=300)
    proposed_by = models.CharField("提出人", max_length=80)
    proposed_by_label = models.CharField("提出人(显示)", max_length=80)
    proposed_at = models.DateTimeField("提出时间")
    settled_at = models.DateTimeField("办结时间", null=True)
    dropped_by = models.CharField("退回人", max_length=80, blank=True)
    dropped_reason = models.CharField("退回理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "参数调整"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(settled_at__isnull=True),
                name="parameter_one_open_proposal",
            ),
            models.CheckConstraint(
                condition=models.Q(dropped_by="", dropped_reason="")
                | ~models.Q(dropped_by="")
                & ~models.Q(dropped_reason="")
                & models.Q(settled_at__isnull=False),
                name="parameter_dropped_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value} {self.valid_from}"


class ParameterValue(models.Model):
    """A value in force from a day on, proposed by one person and confirmed by another: appended."""

    proposal = models.OneToOneField(ParameterProposal, models.PROTECT, verbose_name="参数调整")
    code = models.CharField("参数", max_length=60)
    value = models.PositiveIntegerField("数值")
    valid_from = models.DateField("生效日期")
    source = models.CharField("依据文件", max_length=200)
    article = models.CharField("条款", max_length=80, blank=True)
    reason = models.CharField("理由", max_length=300)
    proposed_by = models.CharField("提出人", max_length=80)
    proposed_by_label = models.CharField("提出人(显示)", max_length=80)
    confirmed_by = models.CharField("确认人", max_length=80)
    confirmed_by_label = models.CharField("确认人(显示)", max_length=80)
    confirmed_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = "参数值"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(proposed_by="")
                & ~models.Q(confirmed_by="")
                & ~models.Q(confirmed_by=models.F("proposed_by")),
                name="parameter_two_people",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["code", "-valid_from"], name="parameter_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.value} {self.valid_from}"
