"""帮办代办: who helped whom with what, and what those who were helped say afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.cases.models.case import Case
from yiwang.apps.people.public import Organ, Party


class HelpKind(models.TextChoices):
    WINDOW = "WINDOW", "窗口帮办"
    VISIT = "VISIT", "上门帮办"
    REGISTRATION = "REGISTRATION", "注册帮办"
    PARK = "PARK", "园区帮办"
    POST = "POST", "邮政帮办"
    AGENCY = "AGENCY", "代办"


def help_kind_choices() -> list[tuple[str, str]]:
    return HelpKind.choices


class HelpRecord(models.Model):
    """One person helped once: a person-time. Appended, never edited."""

    kind = models.CharField("种类", max_length=12, choices=help_kind_choices)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="帮办单位")
    helper = models.CharField("帮办人", max_length=80)
    helper_label = models.CharField("帮办人(显示)", max_length=80)
    party = models.ForeignKey(Party, models.PROTECT, verbose_name="帮办对象")
    party_label = models.CharField("帮办对象(显示)", max_length=120)
    case = models.ForeignKey(Case, models.PROTECT, null=True, verbose_name="办件")
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    place = models.CharField("地点", max_length=200)
    what = models.CharField("帮办内容", max_length=400)
    result = models.CharField("结果", max_length=400)
    parcel_number = models.CharField("邮件号码", max_length=40, blank=True)
    basis = models.CharField("委托凭据", max_length=200, blank=True)
    authorisation_id = models.BigIntegerField("授权委托", null=True)
    helped_on = models.DateField("帮办日期")
    noted_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "帮办记录"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(kind="POST") | ~models.Q(parcel_number=""),
                name="help_by_post_has_parcel",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="AGENCY") | ~models.Q(basis=""),
                name="help_as_agent_has_basis",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "-helped_on", "-id"], name="help_record_by_day"),
            models.Index(
                fields=["organ", "kind", "-helped_on", "-id"], name="help_record_kind_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_name}"

    @property
    def kind_label(self) -> str:
        return HelpKind(self.kind).label


class HelpSample(models.Model):
    """Whom to call back of a period: drawn at random with a seed, so that it can be drawn again."""

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="帮办单位")
    first = models.DateField("从")
    last = models.DateField("到(含)")
    seed = models.CharField("随机种子", max_length=40)
    population = models.PositiveIntegerField("帮办人次")
    size = models.PositiveIntegerField("样本量")
    drawn_by = models.CharField("抽样人", max_length=80)
    drawn_at = models.DateTimeField("抽样时间")

    class Meta:
        verbose_name = "帮办回访抽样"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["organ", "-id"], name="help_sample_organ")]

    def __str__(self) -> str:
        return f"{self.first} {self.last}"


class HelpCall(models.Model):
    """One call-back: `is_reached` None until it was tried; satisfied only where reached."""

    sample = models.ForeignKey(
        HelpSample, models.PROTECT, related_name="calls", verbose_name="帮办回访抽样"
    )
    record = models.ForeignKey(HelpRecord, models.PROTECT, verbose_name="帮办记录")
    is_reached = models.BooleanField("回访成功", null=True)
    is_satisfied = models.BooleanField("满意", null=True)
    said = models.CharField("意见", max_length=400, blank=True)
    called_by = models.CharField("回访人", max_length=80, blank=True)
    called_at = models.DateTimeField("回访时间", null=True)

    class Meta:
        verbose_name = "帮办回访"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "record"], name="help_call_once"),
            models.CheckConstraint(
                condition=models.Q(called_at__isnull=True, called_by="", is_reached__isnull=True)
                | models.Q(called_at__isnull=False, is_reached__isnull=False)
                & ~models.Q(called_by=""),
                name="help_call_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(is_reached=True, is_satisfied__isnull=False)
                | ~models.Q(is_reached=True) & models.Q(is_satisfied__isnull=True)
                | models.Q(is_reached__isnull=True, is_satisfied__isnull=True),
                name="help_call_satisfied_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.record_id}"
