"""Checks of promises with their results, and decisions that are open to the public."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.oversight.domain.states import CheckOutcome, CheckState
from yiwang.apps.oversight.models_sampling import Sample, SampledCase
from yiwang.apps.people.public import Organ, Party

__all__ = [
    "CheckResult",
    "FollowUpCheck",
    "Publication",
    "Sample",
    "SampledCase",
    "check_state_choices",
    "outcome_choices",
]


def check_state_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in CheckState]


def outcome_choices() -> list[tuple[str, str]]:
    return [(o.value, o.label) for o in CheckOutcome]


class FollowUpCheck(models.Model):
    """A promise (告知承诺) that is to be checked after the decision, by the organ that supervises.

    `version` is the seq of its last record entry and `record_hash` that entry's hash. `sort_due_at`
    is the end of what runs: the check's limit, then the day until which to rectify.
    """

    case_id = models.BigIntegerField("办件", unique=True)
    short_number = models.CharField("办件简号", max_length=24)
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    certificate_id = models.BigIntegerField("证照", null=True)
    applicant = models.ForeignKey(Party, models.PROTECT, verbose_name="承诺人")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="监督单位")
    issuing_organ = models.ForeignKey(
        Organ, models.PROTECT, related_name="+", verbose_name="发证机关"
    )
    commitment = models.CharField("承诺", max_length=40)
    title = models.CharField("承诺名称", max_length=200)
    article = models.CharField("依据", max_length=200)
    points = models.JSONField("核查要点", default=list)
    state = models.CharField("状态", max_length=12, choices=check_state_choices)
    opened_at = models.DateTimeField("开始时间")
    due_on = models.DateField("核查期限")
    rectify_until = models.DateField("整改期限", null=True)
    sort_due_at = models.DateTimeField("排序到期")
    ended_at = models.DateTimeField("结束时间", null=True)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32, default=b"")

    class Meta:
        verbose_name = "承诺核查"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="RECTIFYING") | models.Q(rectify_until__isnull=False),
                name="follow_up_rectify_until",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["PENDING", "RECTIFYING"], ended_at__isnull=True)
                | ~models.Q(state__in=["PENDING", "RECTIFYING"]) & models.Q(ended_at__isnull=False),
                name="follow_up_ended_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organ", "sort_due_at", "id"],
                name="follow_up_open",
                condition=models.Q(state__in=["PENDING", "RECTIFYING"]),
            ),
            models.Index(fields=["organ", "-id"], name="follow_up_organ"),
            models.Index(fields=["certificate_id"], name="follow_up_certificate"),
        ]

    def __str__(self) -> str:
        return f"{self.short_number} {self.title}"

    @property
    def subject(self) -> str:
        """The check's name in the record, the outbox and of its papers."""
        return f"follow_up:{self.pk}"

    @property
    def state_label(self) -> str:
        return CheckState(self.state).label


class CheckResult(models.Model):
    """What two people found: appended, never edited."""

    check_of = models.ForeignKey(
        FollowUpCheck, models.PROTECT, related_name="results", verbose_name="承诺核查"
    )
    round = models.PositiveSmallIntegerField("第几次")
    outcome = models.CharField("结论", max_length=10, choices=outcome_choices)
    points = models.JSONField("已核对要点", default=list)
    text = models.TextField("核查情况")
    until = models.DateField("整改期限", null=True)
    by = models.CharField("核查人", max_length=80)
    by_label = models.CharField("核查人(显示)", max_length=80)
    second_ref = models.CharField("第二名核查人", max_length=80)
    second_label = models.CharField("第二名核查人(显示)", max_length=80)
    at = models.DateTimeField("核查时间")
    document_id = models.UUIDField("文书", null=True)

    class Meta:
        verbose_name = "核查结果"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_of", "round"], name="check_result_round"),
            # Nobody checks alone, whatever the code above it does.
            models.CheckConstraint(
                condition=~models.Q(by=models.F("second_ref"))
                & ~models.Q(by="")
                & ~models.Q(second_ref=""),
                name="check_result_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_of_id} {self.outcome}"


class Publication(models.Model):
    """One decision on a permit, open to everybody (行政许可法 §40).

    It holds nothing personal: of a natural person only a masked name. A decision that counts no
    longer is marked with its day, never taken away before `ends_on`.
    """

    case_id = models.BigIntegerField("办件", unique=True)
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="决定机关")
    number = models.CharField("决定文号", max_length=120)
    outcome = models.CharField("结果", max_length=16)
    word = models.CharField("决定", max_length=40)
    holder_label = models.CharField("行政相对人", max_length=200)
    holder_uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    is_natural = models.BooleanField("自然人")
    decided_on = models.DateField("决定日期")
    month = models.CharField("月份", max_length=7)
    valid_until = models.DateField("许可有效期至", null=True)
    due_at = models.DateTimeField("公示期限")
    published_at = models.DateTimeField("公示时间", null=True)
    ends_on = models.DateField("公示截止")
    withdrawn_on = models.DateField("失去效力日期", null=True)
    withdrawn_reason = models.CharField("失去效力的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "决定公示"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            # A person's credit code is a person's number: there is none.
            models.CheckConstraint(
                condition=models.Q(is_natural=False) | models.Q(holder_uscc=""),
                name="publication_person_without_number",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "-id"], name="publication_organ"),
            models.Index(fields=["organ", "month", "-id"], name="publication_organ_month"),
            models.Index(fields=["month", "organ"], name="publication_month"),
            models.Index(
                fields=["id"],
                name="publication_waiting",
                condition=models.Q(published_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The publication's name in the record."""
        return f"publication:{self.pk}"
