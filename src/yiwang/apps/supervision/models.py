"""Rules as dated data, cards with their evidence, appeals. What was issued is never rewritten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.people.public import Organ
from yiwang.apps.supervision.domain.vocabulary import (
    AppealCause,
    CardState,
    Condition,
    RuleStatus,
    Signal,
    ThresholdUnit,
)


def signal_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in Signal]


def condition_choices() -> list[tuple[str, str]]:
    return [(c.value, c.label) for c in Condition]


def unit_choices() -> list[tuple[str, str]]:
    return [(u.value, u.label) for u in ThresholdUnit]


def card_state_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in CardState]


def cause_choices() -> list[tuple[str, str]]:
    return [(c.value, c.label) for c in AppealCause]


def rule_status_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in RuleStatus]


class SupervisionRule(models.Model):
    """One version of one rule. In force on a day: the highest confirmed version that began by then.

    A change is a new version, drafted by one person and confirmed by another; an old one stays as
    the cards it issued name it (trigger).
    """

    code = models.CharField("规则编号", max_length=20)
    version = models.PositiveSmallIntegerField("版本")
    signal = models.CharField("信号", max_length=10, choices=signal_choices)
    condition = models.CharField("条件", max_length=30, choices=condition_choices)
    number = models.PositiveSmallIntegerField("阈值", default=0)
    unit = models.CharField("单位", max_length=10, choices=unit_choices)
    text = models.CharField("文字", max_length=300)
    article = models.CharField("依据或来源", max_length=200)
    is_active = models.BooleanField("启用", default=True)
    valid_from = models.DateField("生效日期")
    status = models.CharField("状态", max_length=10, choices=rule_status_choices)
    reason = models.CharField("修改理由", max_length=300, blank=True)
    drafted_by = models.CharField("起草人", max_length=80)
    drafted_by_label = models.CharField("起草人(显示)", max_length=80)
    drafted_at = models.DateTimeField("起草时间")
    confirmed_by = models.CharField("确认人", max_length=80, blank=True)
    confirmed_by_label = models.CharField("确认人(显示)", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = "监察规则"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="supervision_rule_version"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status="DRAFT"),
                name="supervision_rule_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(status="DRAFT", confirmed_at__isnull=True)
                | ~models.Q(status="DRAFT")
                & models.Q(confirmed_at__isnull=False)
                & ~models.Q(confirmed_by=""),
                name="supervision_rule_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("drafted_by"))
                | models.Q(drafted_by="system:seed"),
                name="supervision_rule_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} 第 {self.version} 版"

    @property
    def subject(self) -> str:
        """The rule's name in the record."""
        return f"supervision_rule:{self.code}"

    @property
    def threshold(self) -> str:
        """`1 个工作日`, or a dash where the rule has none."""
        unit = ThresholdUnit(self.unit)
        return "—" if unit is ThresholdUnit.NONE else f"{self.number} {unit.label}"


class Card(models.Model):
    """One signal about one thing of one case: issued once, kept for ever, withdrawn with a reason.

    `evidence` and the columns of what it says are closed when it is issued (trigger). `version` is
    the seq of its last record entry and `record_hash` that entry's hash.
    """

    number = models.CharField("监察编号", max_length=60, unique=True)
    rule = models.ForeignKey(SupervisionRule, models.PROTECT, verbose_name="规则版本")
    rule_code = models.CharField("规则编号", max_length=20)
    signal = models.CharField("信号", max_length=10, choices=signal_choices)
    case_id = models.BigIntegerField("办件")
    short_number = models.CharField("办件简号", max_length=24)
    item_name = models.CharField("事项名称", max_length=200)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="责任单位")
    area_code = models.CharField("区划代码", max_length=12)
    target = models.CharField("监察对象", max_length=60)
    target_label = models.CharField("监察对象(显示)", max_length=120)
    text = models.CharField("内容", max_length=400)
    evidence = models.JSONField("证据", default=dict)
    occurred_at = models.DateTimeField("成立时间")
    issued_at = models.DateTimeField("发出时间")
    salt = models.BinaryField("摘要盐", max_length=16)
    state = models.CharField("状态", max_length=10, choices=card_state_choices)
    late_reason = models.CharField("公开的超期原因", max_length=300, blank=True)
    late_reason_by = models.CharField("反馈人", max_length=80, blank=True)
    late_reason_at = models.DateTimeField("反馈时间", null=True)
    decide_by = models.DateTimeField("裁定期限", null=True)
    withdrawn_cause = models.CharField("撤销原因", max_length=20, blank=True, choices=cause_choices)
    withdrawn_reason = models.CharField("撤销理由", max_length=300, blank=True)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32)

    class Meta:
        verbose_name = "监察卡"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            # Never twice for the same rule, thing and case, whoever looks and how often.
            models.UniqueConstraint(
                fields=["case_id", "rule_code", "target"], name="card_issued_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="WITHDRAWN")
                & ~models.Q(withdrawn_cause="")
                & ~models.Q(withdrawn_reason="")
                | ~models.Q(state="WITHDRAWN") & models.Q(withdrawn_cause=""),
                name="card_withdrawn_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(state="APPEALED", decide_by__isnull=False)
                | ~models.Q(state="APPEALED") & models.Q(decide_by__isnull=True),
                name="card_appealed_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "-id"], name="card_organ"),
            models.Index(fields=["organ", "signal", "-id"], name="card_organ_signal"),
            models.Index(fields=["organ", "state", "-id"], name="card_organ_state"),
            # Everything the figures read, so that a period is counted without the cards themselves.
            models.Index(
                fields=["occurred_at"],
                include=["organ", "signal", "case_id", "state"],
                name="card_occurred",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The card's name in the record, the outbox and of its files."""
        return f"card:{self.pk}"


class CardAppeal(models.Model):
    """A unit's appeal against a card: one for a card, with its cause, and what was decided."""

    card = models.OneToOneField(Card, models.PROTECT, related_name="appeal", verbose_name="监察卡")
    cause = models.CharField("申诉原因", max_length=20, choices=cause_choices)
    text = models.TextField("申诉理由")
    attachment_id = models.UUIDField("证明材料", null=True)
    appealed_by = models.CharField("申诉人", max_length=80)
    appealed_by_label = models.CharField("申诉人(显示)", max_length=80)
    appealed_at = models.DateTimeField("申诉时间")
    is_granted = models.BooleanField("是否撤牌", null=True)
    decision = models.CharField("裁定理由", max_length=300, blank=True)
    decided_by = models.CharField("裁定人", max_length=80, blank=True)
    decided_by_label = models.CharField("裁定人(显示)", max_length=80, blank=True)
    decided_at = models.DateTimeField("裁定时间", null=True)

    class Meta:
        verbose_name = "监察申诉"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, is_granted__isnull=True, decided_by="")
                | models.Q(decided_at__isnull=False, is_granted__isnull=False)
                & ~models.Q(decided_by="")
                & ~models.Q(decided_by=models.F("appealed_by")),
                name="card_appeal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id} {self.cause}"
