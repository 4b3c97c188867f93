"""The handling of a bad rating: where it stands, its two tasks, what was done."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from yiwang.apps.people.public import Organ
from yiwang.apps.ratings.domain.handling import OPEN, HandlingState
from yiwang.apps.ratings.domain.vocabulary import TaskEnd, TaskKind, Verdict
from yiwang.kernel.moment import end_of_day

_OPEN = [state.value for state in OPEN]


def handling_state_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in HandlingState]


def verdict_choices() -> list[tuple[str, str]]:
    return [(v.value, v.label) for v in Verdict]


def task_kind_choices() -> list[tuple[str, str]]:
    return [(k.value, k.label) for k in TaskKind]


def task_end_choices() -> list[tuple[str, str]]:
    return [(e.value, e.label) for e in TaskEnd]


class BadRating(models.Model):
    """A bad rating under way at the organ that did the service (谁办理、谁负责).

    `version` is the seq of its last record entry and `record_hash` that entry's hash. `sort_due_at`
    is the end of what runs: the contact, then the remediation. Of an anonymous one, neither name
    nor number of a case is here or in the record.
    """

    rating = models.OneToOneField(
        "ratings.Rating", models.PROTECT, related_name="handling", verbose_name="评价"
    )
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="办理单位")
    item_name = models.CharField("事项名称", max_length=200)
    is_anonymous = models.BooleanField("匿名")
    state = models.CharField("状态", max_length=12, choices=handling_state_choices)
    verdict = models.CharField("核实结论", max_length=12, choices=verdict_choices, blank=True)
    is_complex = models.BooleanField("复杂事项", default=False)
    opened_at = models.DateTimeField("差评时间")
    sort_due_at = models.DateTimeField("排序到期")
    replied_at = models.DateTimeField("回复时间", null=True)
    remedied_at = models.DateTimeField("整改获批时间", null=True)
    called_back_at = models.DateTimeField("回访时间", null=True)
    is_satisfied = models.BooleanField("对整改满意", null=True)
    disputed_by = models.CharField("提请人", max_length=80, blank=True)
    reviewed_by = models.CharField("复核人", max_length=80, blank=True)
    remedied_by = models.CharField("整改人", max_length=80, blank=True)
    approved_by = models.CharField("审批人", max_length=80, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32, default=b"")

    class Meta:
        verbose_name = "差评"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=_OPEN, ended_at__isnull=True)
                | ~models.Q(state__in=_OPEN) & models.Q(ended_at__isnull=False),
                name="bad_rating_ended_pair",
            ),
            # 实名差评回访 100 %: none is closed without, whatever the code above it does.
            models.CheckConstraint(
                condition=~models.Q(state="CLOSED")
                | models.Q(remedied_at__isnull=False)
                & (models.Q(is_anonymous=True) | models.Q(called_back_at__isnull=False)),
                name="bad_rating_closed_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(called_back_at__isnull=True, is_satisfied__isnull=True)
                | models.Q(called_back_at__isnull=False, is_satisfied__isnull=False),
                name="bad_rating_call_back_pair",
            ),
            # Nobody takes a rating out of the figures alone, or approves their own remedy.
            models.CheckConstraint(
                condition=~models.Q(state="EXCLUDED")
                | ~models.Q(disputed_by="")
                & ~models.Q(reviewed_by="")
                & ~models.Q(disputed_by=models.F("reviewed_by")),
                name="bad_rating_excluded_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(remedied_at__isnull=True)
                | ~models.Q(approved_by="") & ~models.Q(remedied_by=models.F("approved_by")),
                name="bad_rating_approved_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organ", "sort_due_at", "id"],
                name="bad_rating_open",
                condition=models.Q(state__in=_OPEN),
            ),
            models.Index(fields=["organ", "-id"], name="bad_rating_organ"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def subject(self) -> str:
        """Its name in the record, the outbox and the timers."""
        return f"bad_rating:{self.pk}"

    @property
    def state_label(self) -> str:
        return HandlingState(self.state).label


class RatingTask(models.Model):
    """One of the two tasks of a bad rating with its limit; `rule` is the number it was set by."""

    bad_rating = models.ForeignKey(
        BadRating, models.PROTECT, related_name="tasks", verbose_name="差评"
    )
    kind = models.CharField("任务", max_length=12, choices=task_kind_choices)
    rule = models.CharField("期限依据", max_length=120)
    due_on = models.DateField("到期日")
    opened_at = models.DateTimeField("开始时间")
    met_at = models.DateTimeField("期限内容完成时间", null=True)
    overdue_at = models.DateTimeField("认定超期时间", null=True)
    closed_at = models.DateTimeField("结束时间", null=True)
    ended = models.CharField("结束方式", max_length=12, choices=task_end_choices, blank=True)

    class Meta:
        verbose_name = "差评任务"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bad_rating", "kind"], name="rating_task_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, ended="")
                | models.Q(closed_at__isnull=False) & ~models.Q(ended=""),
                name="rating_task_closed_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bad_rating_id} {self.kind}"

    @property
    def kind_label(self) -> str:
        return TaskKind(self.kind).label

    @property
    def ended_label(self) -> str:
        return TaskEnd(self.ended).label if self.ended else ""

    def is_late(self, at: datetime) -> bool:
        """The limit is over and what it is for was not done in time."""
        return (self.met_at or self.closed_at or at) >= end_of_day(self.due_on)


class HandlingStep(models.Model):
    """What was done about a bad rating, in words: appended, never edited."""

    bad_rating = models.ForeignKey(
        BadRating, models.PROTECT, related_name="steps", verbose_name="差评"
    )
    action = models.CharField("动作", max_length=20)
    text = models.CharField("说明", max_length=500, blank=True)
    by = models.CharField("办理人", max_length=80)
    by_label = models.CharField("办理人(显示)", max_length=80)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "差评办理记录"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.bad_rating_id} {self.action}"
