"""The columns that every proposal and every confirmed row carry, and their constraints."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q


class Proposed(models.Model):
    """Somebody wants something from a day on; open until it is settled."""

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
        abstract = True


class Ruled(models.Model):
    """Proposed by one person and confirmed by another."""

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
        abstract = True


def dropped_with_reason(name: str) -> CheckConstraint:
    """Sent back means: by somebody, with a reason, and settled."""
    return CheckConstraint(
        condition=Q(dropped_by="", dropped_reason="")
        | ~Q(dropped_by="") & ~Q(dropped_reason="") & Q(settled_at__isnull=False),
        name=name,
    )


def two_people(name: str) -> CheckConstraint:
    """Nobody confirms what he proposed."""
    return CheckConstraint(
        condition=~Q(proposed_by="") & ~Q(confirmed_by="") & ~Q(confirmed_by=F("proposed_by")),
        name=name,
    )
