"""代收: a case that a window took in for another, its papers, and the lists they travel with."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from yiwang.apps.cases.domain.taking_in import TO_BE_HANDED_OVER, HandOverWay, TakeInState
from yiwang.apps.cases.models.case import Case
from yiwang.apps.people.public import Hall, Window
from yiwang.kernel.moment import civil_date


def take_in_state_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in TakeInState]


def hand_over_way_choices() -> list[tuple[str, str]]:
    return [(way.value, way.label) for way in HandOverWay]


class PapersHandOver(models.Model):
    """One list of papers handed from a hall to one receiver. Appended, never edited.

    `receiver` is `hall:<id>` or, where no hall has the item, `organ:<id>`. `lines` holds for every
    case its number, item, masked applicant and the names of the papers, as they were handed over.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+", verbose_name="移交大厅")
    receiver = models.CharField("接收方", max_length=40)
    receiver_name = models.CharField("接收方名称", max_length=120)
    way = models.CharField("移交方式", max_length=10, choices=hand_over_way_choices)
    parcel_number = models.CharField("邮件号码", max_length=40, blank=True)
    lines = models.JSONField("清单")
    handed_by = models.CharField("移交人", max_length=80)
    handed_by_label = models.CharField("移交人(显示)", max_length=80)
    handed_at = models.DateTimeField("移交时间")

    class Meta:
        verbose_name = "代收移交单"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(way="POST") | ~models.Q(parcel_number=""),
                name="hand_over_by_post_has_parcel",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number on the list: its day and a serial; gaps are allowed."""
        return f"{civil_date(self.handed_at):%Y%m%d}-{self.pk:06d}"

    @property
    def way_label(self) -> str:
        return HandOverWay(self.way).label


class TakeIn(models.Model):
    """One case taken in at `hall` for another window. `papers` are the papers that were taken in
    hand, code → name; `arrived` those of them that are at the right window."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="take_in", verbose_name="办件")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+", verbose_name="代收大厅")
    window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name="代收窗口")
    receiver = models.CharField("接收方", max_length=40)
    state = models.CharField("状态", max_length=12, choices=take_in_state_choices)
    papers = models.JSONField("代收的纸质材料", default=dict)
    arrived = models.JSONField("已到的纸质材料", default=dict)
    taken_by = models.CharField("代收人", max_length=80)
    taken_by_label = models.CharField("代收人(显示)", max_length=80)
    taken_at = models.DateTimeField("代收时间")
    hand_over_due_on = models.DateField("移交期限")
    hand_over = models.ForeignKey(
        PapersHandOver,
        models.PROTECT,
        related_name="take_ins",
        null=True,
        verbose_name="代收移交单",
    )
    handed_by = models.CharField("移交人", max_length=80, blank=True)
    handed_at = models.DateTimeField("移交时间", null=True)
    missing = models.CharField("缺件说明", max_length=400, blank=True)
    confirmed_by = models.CharField("签收人", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("签收时间", null=True)

    class Meta:
        verbose_name = "代收"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(handed_at__isnull=True, handed_by="", hand_over__isnull=True)
                | models.Q(handed_at__isnull=False, hand_over__isnull=False)
                & ~models.Q(handed_by=""),
                name="take_in_handed_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by="")
                | models.Q(confirmed_at__isnull=False) & ~models.Q(confirmed_by=""),
                name="take_in_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["ON_THE_WAY", "SHORT"])
                | models.Q(handed_at__isnull=False),
                name="take_in_on_the_way_handed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="SHORT") | ~models.Q(missing=""),
                name="take_in_short_says_what",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["hall", "hand_over_due_on", "id"],
                name="take_in_to_hand_over",
                condition=models.Q(state__in=["IN_HAND", "SHORT"]),
            ),
            models.Index(
                fields=["receiver", "handed_at", "id"],
                name="take_in_to_confirm",
                condition=models.Q(state__in=["ON_THE_WAY", "SHORT"]),
            ),
            models.Index(fields=["hall", "-id"], name="take_in_of_hall"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def state_label(self) -> str:
        return TakeInState(self.state).label

    @property
    def under_way(self) -> dict[str, str]:
        """Papers that are not at the right window yet, code → name."""
        return {code: name for code, name in self.papers.items() if code not in self.arrived}

    def is_overdue(self, today: date) -> bool:
        """True where papers are still in the taking window's hand after their day."""
        return self.state in TO_BE_HANDED_OVER and self.hand_over_due_on < today
