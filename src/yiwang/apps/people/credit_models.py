"""Who stands on a list of serious dishonesty (严重失信主体名单): columns and constraints."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DishonestyListing(models.Model):
    """One entry of a party on one list, as its organ decided it elsewhere: never made here, and
    never by itself (国办发〔2020〕49号). Entered by one person, confirmed by another, told to
    the party. It closes 告知承诺 until it is repaired (国办发〔2020〕42号), and nothing else.
    """

    party = models.ForeignKey("people.Party", models.PROTECT, verbose_name="服务对象")
    keeper = models.ForeignKey("people.Organ", models.PROTECT, verbose_name="录入单位")
    list_name = models.CharField("名单", max_length=80)
    article = models.CharField("列入依据", max_length=120)
    organ = models.CharField("列入机关", max_length=120)
    document = models.CharField("列入决定文号", max_length=80)
    listed_on = models.DateField("列入日期")
    entered_by = models.CharField("录入人", max_length=80)
    entered_label = models.CharField("录入人(显示)", max_length=120)
    entered_at = models.DateTimeField("录入时间")
    confirmed_by = models.CharField("确认人", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    declined_reason = models.CharField("没有确认的原因", max_length=200, blank=True)
    repaired_on = models.DateField("修复或移出日期", null=True)
    repair_document = models.CharField("修复或移出文号", max_length=80, blank=True)
    repaired_by = models.CharField("登记修复的人", max_length=80, blank=True)

    class Meta:
        verbose_name = "严重失信名单记录"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by="", confirmed_at=None)
                | models.Q(confirmed_at__isnull=False)
                & ~models.Q(confirmed_by="")
                & ~models.Q(confirmed_by=models.F("entered_by")),
                name="dishonesty_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(repaired_on=None, repair_document="", repaired_by="")
                | models.Q(repaired_on__gte=models.F("listed_on"), confirmed_at__isnull=False)
                & ~models.Q(repair_document="")
                & ~models.Q(repaired_by=""),
                name="dishonesty_repaired_pair",
            ),
            models.UniqueConstraint(
                fields=["party", "document"],
                condition=models.Q(declined_reason=""),
                name="dishonesty_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["keeper", "-id"], name="dishonesty_keeper"),
            models.Index(
                fields=["party"],
                name="dishonesty_unrepaired",
                condition=models.Q(
                    confirmed_at__isnull=False, repaired_on__isnull=True, declined_reason=""
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.list_name}"

    @property
    def subject(self) -> str:
        return f"dishonesty:{self.pk}"

    @property
    def standing(self) -> tuple[str, str]:
        """State and tone."""
        if self.declined_reason:
            return "没有采用", "neutral"
        if self.confirmed_at is None:
            return "待确认", "warning"
        return ("已修复", "success") if self.repaired_on else ("未修复", "danger")
