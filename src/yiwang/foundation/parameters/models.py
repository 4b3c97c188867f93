"""What was proposed and what was ruled. A ruled value is never changed: another follows it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.foundation.ruling.models import Proposed, Ruled, dropped_with_reason, two_people


class ParameterProposal(Proposed):
    """Somebody wants a parameter to be another number from a day on; open until it is settled."""

    code = models.CharField("参数", max_length=60)
    value = models.PositiveIntegerField("数值")

    class Meta:
        verbose_name = "参数调整"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(settled_at__isnull=True),
                name="parameter_one_open_proposal",
            ),
            dropped_with_reason("parameter_dropped_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value} {self.valid_from}"


class ParameterValue(Ruled):
    """A value in force from a day on, proposed by one person and confirmed by another: appended."""

    proposal = models.OneToOneField(ParameterProposal, models.PROTECT, verbose_name="参数调整")
    code = models.CharField("参数", max_length=60)
    value = models.PositiveIntegerField("数值")

    class Meta:
        verbose_name = "参数值"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [two_people("parameter_two_people")]
        indexes: ClassVar = [models.Index(fields=["code", "-valid_from"], name="parameter_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.value} {self.valid_from}"
