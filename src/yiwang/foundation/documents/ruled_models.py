"""The register of seals and the texts of documents: proposed by one person, confirmed by another.

Organs are known by their number only: they belong to a room above this one.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.ruling.models import Proposed, Ruled, dropped_with_reason, two_people


def seal_use_choices() -> list[tuple[str, str]]:
    return [(use.value, use.label) for use in SealUse]


class _Engraved(models.Model):
    """What the imprint looks like, and for what it is used."""

    organ_id = models.BigIntegerField("机关编号")
    use = models.CharField("用途", max_length=20, choices=seal_use_choices)
    name = models.CharField("刻制名称", max_length=24)
    caption = models.CharField("中部文字", max_length=10, blank=True)
    filing_code = models.CharField("备案编码", max_length=18, blank=True)

    class Meta:
        abstract = True


class OrganSeal(_Engraved, Ruled):
    """A seal of an organ, in use from `valid_from` until the day before `stopped_on`.

    Never changed but once, by its ending, which again takes two people (constraint, trigger).
    """

    stopped_on = models.DateField("停用日期", null=True)
    stop_reason = models.CharField("停用理由", max_length=300, blank=True)
    stop_proposed_by = models.CharField("停用提出人", max_length=80, blank=True)
    stop_proposed_by_label = models.CharField("停用提出人(显示)", max_length=80, blank=True)
    stop_confirmed_by = models.CharField("停用确认人", max_length=80, blank=True)
    stop_confirmed_by_label = models.CharField("停用确认人(显示)", max_length=80, blank=True)
    stop_confirmed_at = models.DateTimeField("停用确认时间", null=True)

    class Meta:
        verbose_name = "机关印章"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            two_people("seal_two_people"),
            models.CheckConstraint(
                condition=Q(
                    stopped_on__isnull=True,
                    stop_confirmed_at__isnull=True,
                    stop_reason="",
                    stop_proposed_by="",
                    stop_confirmed_by="",
                )
                | Q(stopped_on__gte=F("valid_from"), stop_confirmed_at__isnull=False)
                & ~Q(stop_reason="")
                & ~Q(stop_proposed_by="")
                & ~Q(stop_confirmed_by="")
                & ~Q(stop_confirmed_by=F("stop_proposed_by")),
                name="seal_stopped_by_two_people",
            ),
            *(
                # One for each use: no extension of PostgreSQL is needed for it.
                ExclusionConstraint(
                    name=f"seal_no_overlap_{use.value.lower()}",
                    expressions=[
                        (
                            Func(
                                "organ_id",
                                "organ_id",
                                Value("[]"),
                                function="INT8RANGE",
                                output_field=BigIntegerRangeField(),
                            ),
                            RangeOperators.OVERLAPS,
                        ),
                        (
                            Func(
                                "valid_from",
                                "stopped_on",
                                function="DATERANGE",
                                output_field=DateRangeField(),
                            ),
                            RangeOperators.OVERLAPS,
                        ),
                    ],
                    condition=Q(use=use.value),
                )
                for use in SealUse
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organ_id", "valid_from"], name="seal_organ")]

    def __str__(self) -> str:
        return f"{self.name} {SealUse(self.use).label}"


class SealProposal(_Engraved, Proposed):
    """A seal to register, or (with `seal`) one to stop on `valid_from`; open until settled."""

    seal = models.ForeignKey(OrganSeal, models.PROTECT, null=True, verbose_name="要停用的印章")

    class Meta:
        verbose_name = "印章变更"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organ_id", "use"],
                condition=Q(settled_at__isnull=True),
                name="seal_one_open_proposal",
            ),
            dropped_with_reason("seal_dropped_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {SealUse(self.use).label} {self.valid_from}"


class _Worded(models.Model):
    """Which text, for all organs or one, and how it reads; `is_restored` means: as before any
    ruling (an organ's follows the city's again, the city's the platform's)."""

    code = models.CharField("文字", max_length=60)
    organ_id = models.BigIntegerField("机关编号", null=True)
    text = models.CharField("内容", max_length=400, blank=True)
    is_restored = models.BooleanField("恢复", default=False)

    class Meta:
        abstract = True


class TemplateProposal(_Worded, Proposed):
    """Somebody wants a text of a document to read otherwise from a day on."""

    class Meta:
        verbose_name = "文书模板调整"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "organ_id"],
                condition=Q(settled_at__isnull=True),
                nulls_distinct=False,
                name="template_one_open_proposal",
            ),
            dropped_with_reason("template_dropped_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class TemplateText(_Worded, Ruled):
    """A text of a document in force from a day on: appended, never changed."""

    proposal = models.OneToOneField(TemplateProposal, models.PROTECT, verbose_name="文书模板调整")

    class Meta:
        verbose_name = "文书模板"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [two_people("template_two_people")]
        indexes: ClassVar = [models.Index(fields=["code", "-valid_from"], name="template_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"
