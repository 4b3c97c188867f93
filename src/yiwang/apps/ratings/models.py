"""Ratings. A rating exists only where the applicant's own token was spent on it (trigger)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Satisfaction(models.TextChoices):
    """Five grades. GB/T 39046-2020 A.8 has 1 as the best, the push interface 5: this enum is ours
    and is mapped at the edge, both directions tested."""

    VERY_SATISFIED = "VERY_SATISFIED", "非常满意"
    SATISFIED = "SATISFIED", "满意"
    BASICALLY_SATISFIED = "BASICALLY_SATISFIED", "基本满意"
    DISSATISFIED = "DISSATISFIED", "不满意"
    VERY_DISSATISFIED = "VERY_DISSATISFIED", "非常不满意"


BAD = (Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED)


def satisfaction_choices() -> list[tuple[str, str]]:
    return Satisfaction.choices


class RatingInvitation(models.Model):
    """The right to rate one case once. Only a hash of the token is kept: nobody who reads the
    database can spend it. Not rated is a state: no row in Rating."""

    case_id = models.BigIntegerField("办件", unique=True)
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    short_number = models.CharField("办件简号", max_length=24)
    organ_id = models.BigIntegerField("机构")
    party_id = models.BigIntegerField("申请人")
    token_hash = models.BinaryField("令牌摘要", max_length=32)
    invited_at = models.DateTimeField("邀请时间")

    class Meta:
        verbose_name = "评价邀请"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.case_id}"


class Rating(models.Model):
    """One rating by one applicant of one case; appended, never changed."""

    invitation = models.OneToOneField(
        RatingInvitation, models.PROTECT, related_name="rating", verbose_name="邀请"
    )
    token = models.CharField("令牌", max_length=64)
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
