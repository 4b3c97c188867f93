"""Ratings. A rating exists only where the applicant's own token was spent on it (trigger)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.people.public import Organ, Party, Window
from yiwang.apps.ratings.domain.scales import BAD as BAD_GRADES
from yiwang.apps.ratings.domain.vocabulary import RatingKind, RatingPoint, ShowingWay, VisitKind
from yiwang.apps.ratings.handling_models import (
    BadRating as BadRating,
)
from yiwang.apps.ratings.handling_models import (
    HandlingStep as HandlingStep,
)
from yiwang.apps.ratings.handling_models import (
    RatingTask as RatingTask,
)


class Satisfaction(models.TextChoices):
    """Five grades. GB/T 39046-2020 A.8 has 1 as the best, the push interface 5: this enum is ours
    and is mapped at the edge (`domain/scales`), both directions tested."""

    VERY_SATISFIED = "VERY_SATISFIED", "非常满意"
    SATISFIED = "SATISFIED", "满意"
    BASICALLY_SATISFIED = "BASICALLY_SATISFIED", "基本满意"
    DISSATISFIED = "DISSATISFIED", "不满意"
    VERY_DISSATISFIED = "VERY_DISSATISFIED", "非常不满意"


BAD = tuple(Satisfaction(grade) for grade in BAD_GRADES)


def satisfaction_choices() -> list[tuple[str, str]]:
    return Satisfaction.choices


def point_choices() -> list[tuple[str, str]]:
    return [(p.value, p.label) for p in RatingPoint]


def visit_kind_choices() -> list[tuple[str, str]]:
    return [(k.value, k.label) for k in VisitKind]


def rating_kind_choices() -> list[tuple[str, str]]:
    return [(k.value, k.label) for k in RatingKind]


def way_choices() -> list[tuple[str, str]]:
    return [(w.value, w.label) for w in ShowingWay]


class Visit(models.Model):
    """Somebody was at a window: a consultation, a matter that made no case, an act on a case of
    theirs. Appended by the clerk, never changed."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name="窗口")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="窗口所属单位")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="来人")
    kind = models.CharField("来办什么", max_length=14, choices=visit_kind_choices)
    case_id = models.BigIntegerField("办件", null=True)
    matter = models.CharField("事由", max_length=100)
    by = models.CharField("登记人", max_length=80)
    by_label = models.CharField("登记人(显示)", max_length=80)
    at = models.DateTimeField("到窗时间")

    class Meta:
        verbose_name = "到窗服务"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="CASE_ACT", case_id__isnull=False)
                | ~models.Q(kind="CASE_ACT") & models.Q(case_id__isnull=True),
                name="visit_case_pair",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["window", "-id"], name="visit_window")]

    def __str__(self) -> str:
        return f"{self.window_id} {self.at}"

    @property
    def subject(self) -> str:
        """The visit's name in the record."""
        return f"visit:{self.pk}"


class RatingInvitation(models.Model):
    """The right to rate one service once: a point of a case, or a visit. Only a hash of the token
    is kept: nobody who reads the database can spend it. Not rated is a state: no row in Rating.

    `subject` is `case:12` or `visit:7`; `number` counts the points of one subject (办件, 次数).
    """

    subject = models.CharField("评价对象", max_length=40)
    number = models.PositiveSmallIntegerField("次数", default=1)
    point = models.CharField("评价点", max_length=10, choices=point_choices)
    case_id = models.BigIntegerField("办件", null=True)
    visit = models.OneToOneField(
        Visit, models.PROTECT, null=True, related_name="invitation", verbose_name="到窗服务"
    )
    hall_id = models.BigIntegerField("大厅", null=True)
    window_id = models.BigIntegerField("窗口", null=True)
    item_code = models.CharField("事项标识", max_length=60, blank=True)
    item_name = models.CharField("事项名称", max_length=200)
    short_number = models.CharField("编号", max_length=24)
    organ_id = models.BigIntegerField("机构")
    party_id = models.BigIntegerField("申请人")
    token_hash = models.BinaryField("令牌摘要", max_length=32)
    invited_at = models.DateTimeField("邀请时间")

    class Meta:
        verbose_name = "评价邀请"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "number"], name="invitation_number"),
            models.UniqueConstraint(fields=["subject", "point"], name="invitation_point"),
            models.UniqueConstraint(fields=["token_hash"], name="invitation_token"),
            models.CheckConstraint(
                condition=models.Q(point="VISIT", visit__isnull=False, window_id__isnull=False)
                | ~models.Q(point="VISIT") & models.Q(visit__isnull=True, case_id__isnull=False),
                name="invitation_of_one_service",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party_id", "-invited_at"], name="invitation_party"),
            models.Index(fields=["case_id"], name="invitation_case"),
            models.Index(fields=["organ_id", "-id"], name="invitation_organ"),
            models.Index(fields=["organ_id", "invited_at"], name="invitation_period"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"

    @property
    def name(self) -> str:
        """The invitation's name in the record, the timers and the messages: it tells nobody which
        case or person it is of."""
        return f"rating_invitation:{self.pk}"

    def service_for_staff(self, *, is_named: bool) -> str:
        """What was done, as staff read it: a clerk's own words about a visit could tell who it was,
        so they stand only beside a name."""
        return self.item_name if is_named or self.item_code else RatingPoint.VISIT.label

    @property
    def point_label(self) -> str:
        return RatingPoint(self.point).label


class RatingShowing(models.Model):
    """One time somebody was asked to rate: by a message, or by a clerk who showed or printed the
    code. Appended, never changed."""

    invitation = models.ForeignKey(
        RatingInvitation, models.PROTECT, related_name="showings", verbose_name="邀请"
    )
    way = models.CharField("方式", max_length=14, choices=way_choices)
    by = models.CharField("由谁", max_length=80)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "邀请记录"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.way}"


class Rating(models.Model):
    """One rating by one applicant of one service; appended, never changed."""

    invitation = models.OneToOneField(
        RatingInvitation, models.PROTECT, related_name="rating", verbose_name="邀请"
    )
    token = models.CharField("令牌", max_length=64)
    kind = models.CharField(
        "性质", max_length=8, choices=rating_kind_choices, default=RatingKind.ACTIVE.value
    )
    satisfaction = models.CharField("满意度", max_length=20, choices=satisfaction_choices)
    tags = models.JSONField("标签", default=list)
    text = models.CharField("意见", max_length=500, blank=True)
    is_anonymous = models.BooleanField("匿名", default=False)
    channel = models.CharField("渠道", max_length=10)
    rated_at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = "评价"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["-rated_at"], name="rating_at")]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.satisfaction}"
