"""Texts for opinions and reasons: one person's own, or an organ's after two people agreed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yiwang.apps.cases.domain.templates import TemplateState, TemplateUse
from yiwang.apps.people.public import Account, Organ


def template_use_choices() -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in TemplateUse]


def template_state_choices() -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in TemplateState]


class OpinionTemplate(models.Model):
    """`account` set: that person's own; `organ` set: the organ's. Once used it is ordinary text of
    the act, so it may go at any time."""

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", null=True, verbose_name="账号"
    )
    organ = models.ForeignKey(
        Organ, models.PROTECT, related_name="+", null=True, verbose_name="机构"
    )
    use = models.CharField("用途", max_length=12, choices=template_use_choices)
    item_code = models.CharField("事项标识", max_length=60, blank=True)
    step = models.CharField("环节", max_length=40, blank=True)
    title = models.CharField("标题", max_length=30)
    text = models.TextField("内容")
    state = models.CharField("状态", max_length=10, choices=template_state_choices)
    proposed_by = models.CharField("提出人", max_length=80)
    proposed_at = models.DateTimeField("提出时间")
    confirmed_by = models.CharField("确认人", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = "意见模板"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account__isnull=True) ^ Q(organ__isnull=True),
                name="opinion_template_whose",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by=""),
                name="opinion_template_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE")
                | Q(organ__isnull=True)
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("proposed_by")),
                name="opinion_template_two_people",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "use", "id"], name="opinion_template_own"),
            models.Index(fields=["organ", "state", "use", "id"], name="opinion_template_organ"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def use_label(self) -> str:
        return TemplateUse(self.use).label

    @property
    def state_label(self) -> str:
        return TemplateState(self.state).label
