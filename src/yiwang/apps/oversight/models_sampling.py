"""Samples of concluded cases, and what a second pair of eyes found in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.oversight.domain.sampling import SampledState
from yiwang.apps.people.public import Organ


def sampled_state_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in SampledState]


class Sample(models.Model):
    """One draw from one organ's cases concluded from `first_on` to `last_on`: appended. With its
    seed and `pool` anybody draws it again."""

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="单位")
    first_on = models.DateField("办结从")
    last_on = models.DateField("办结到")
    round = models.PositiveSmallIntegerField("第几次")
    seed = models.CharField("种子", max_length=200)
    pool = models.JSONField("办结的办件")
    population = models.PositiveIntegerField("办结件数")
    size = models.PositiveIntegerField("抽取件数")
    per_mille = models.PositiveSmallIntegerField("抽查千分比")
    minimum = models.PositiveSmallIntegerField("最少件数")
    drawn_at = models.DateTimeField("抽取时间")
    drawn_by = models.CharField("抽取人", max_length=80)
    drawn_by_label = models.CharField("抽取人(显示)", max_length=80)
    reason = models.CharField("重抽理由", max_length=400, blank=True)

    class Meta:
        verbose_name = "办件抽查"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "last_on", "round"], name="sample_round"),
            # Nobody draws until the sample suits: a further draw says why.
            models.CheckConstraint(
                condition=models.Q(round=1) | ~models.Q(reason=""),
                name="sample_redrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ_id} {self.last_on} {self.round}"

    @property
    def subject(self) -> str:
        return f"sample:{self.pk}"


class SampledCase(models.Model):
    """One case of a sample: what the checker found, and how the organ answered."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="cases", verbose_name="抽查")
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="单位")
    case_id = models.BigIntegerField("办件")
    short_number = models.CharField("办件简号", max_length=24)
    item_name = models.CharField("事项名称", max_length=200)
    state = models.CharField("状态", max_length=10, choices=sampled_state_choices)
    points = models.JSONField("符合的要点", default=list)
    text = models.TextField("抽查情况", blank=True)
    checked_by = models.CharField("抽查人", max_length=80, blank=True)
    checked_by_label = models.CharField("抽查人(显示)", max_length=80, blank=True)
    checked_at = models.DateTimeField("抽查时间", null=True)
    due_on = models.DateField("整改期限", null=True)
    answer = models.TextField("整改答复", blank=True)
    answered_by = models.CharField("答复人", max_length=80, blank=True)
    answered_by_label = models.CharField("答复人(显示)", max_length=80, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = "抽查的办件"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "case_id"], name="sampled_case_once"),
            models.CheckConstraint(
                condition=models.Q(checked_by="", checked_at__isnull=True)
                | ~models.Q(checked_by="") & models.Q(checked_at__isnull=False),
                name="sampled_case_checked_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by="", answered_at__isnull=True)
                | ~models.Q(answered_by="") & models.Q(answered_at__isnull=False),
                name="sampled_case_answered_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["PROBLEM", "ANSWERED"])
                | models.Q(due_on__isnull=False),
                name="sampled_case_problem_is_due",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "-id"], name="sampled_case_organ"),
            models.Index(
                fields=["organ", "-id"],
                name="sampled_case_open",
                condition=models.Q(state__in=["PENDING", "PROBLEM"]),
            ),
        ]

    def __str__(self) -> str:
        return self.short_number

    @property
    def state_label(self) -> str:
        return SampledState(self.state).label
