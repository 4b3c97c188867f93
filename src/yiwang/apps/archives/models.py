"""Archive packages: one numbered, unchanging package of an ended case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.people.public import Organ
from yiwang.foundation.files.models import StoredFile


class ArchivePackage(models.Model):
    """The files of one ended case with their catalogue. What happens to the case afterwards makes
    a further `volume`; a package itself is never changed, only handed over once."""

    case_id = models.BigIntegerField("办件")
    volume = models.PositiveSmallIntegerField("卷", default=1)
    number = models.CharField("档号", max_length=60, unique=True)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="机构")
    year = models.PositiveSmallIntegerField("年度")
    item_name = models.CharField("事项名称", max_length=200)
    short_number = models.CharField("办件简号", max_length=24)
    applicant_label = models.CharField("申请人", max_length=120)
    ended_at = models.DateTimeField("办结时间")
    kept_years = models.PositiveSmallIntegerField("保管年限")
    contents = models.JSONField("卷内目录")
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="信息包")
    case_version = models.PositiveIntegerField("办件版本")
    case_hash = models.BinaryField("办件记录头", max_length=32)
    made_by = models.CharField("归档人", max_length=80)
    made_at = models.DateTimeField("归档时间")
    handed_over_at = models.DateTimeField("移交时间", null=True)
    handed_over_by = models.CharField("移交人", max_length=80, blank=True)
    handed_over_to = models.CharField("接收单位", max_length=120, blank=True)
    handover = models.CharField("移交文号", max_length=60, blank=True)

    class Meta:
        verbose_name = "办件档案"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "volume"], name="archive_one_volume"),
            models.UniqueConstraint(fields=["case_id", "case_version"], name="archive_one_version"),
            models.CheckConstraint(
                condition=models.Q(
                    handed_over_at__isnull=True, handed_over_by="", handed_over_to="", handover=""
                )
                | models.Q(handed_over_at__isnull=False)
                & ~models.Q(handed_over_by="")
                & ~models.Q(handed_over_to="")
                & ~models.Q(handover=""),
                name="archive_handed_over_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organ", "-id"], name="archive_organ"),
            models.Index(
                fields=["organ", "year", "-id"],
                name="archive_to_hand_over",
                condition=models.Q(handed_over_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"archive:{self.pk}"
