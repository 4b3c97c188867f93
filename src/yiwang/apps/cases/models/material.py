"""The materials of a case: what was handed in, what is held already, and what was checked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.cases.domain.grades import TrustGrade
from yiwang.apps.cases.models.case import Case
from yiwang.foundation.files.models import Attachment


class MaterialStatus(models.TextChoices):
    MISSING = "MISSING", "未提交"
    PROVIDED = "PROVIDED", "已提交"
    PAPER = "PAPER", "已收纸质件"
    HELD = "HELD", "不用提交"
    PROMISED = "PROMISED", "以承诺代替"
    UNCERTAIN = "UNCERTAIN", "数据源暂不可用"


def grade_choices() -> list[tuple[str, str]]:
    return [(grade.value, grade.label) for grade in TrustGrade]


def material_status_choices() -> list[tuple[str, str]]:
    return MaterialStatus.choices


class OriginalCheck(models.TextChoices):
    """先审后验: what was reviewed as a copy is held against the original before the result."""

    DUE = "DUE", "原件待核验"
    MATCHES = "MATCHES", "原件核验一致"
    DIFFERS = "DIFFERS", "原件核验不一致"


def original_check_choices() -> list[tuple[str, str]]:
    return OriginalCheck.choices


class CaseMaterial(models.Model):
    """One material of one case: handed in, held already, or missing; and its checked points.

    `reused_from` is the earlier material of the same applicant whose content it is.
    `is_handed_back`: it came on paper, was scanned at the window and given back at once.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="materials", verbose_name="办件")
    code = models.CharField("材料", max_length=40)
    name = models.CharField("名称", max_length=400)
    required = models.BooleanField("必要", default=True)
    status = models.CharField("状态", max_length=10, choices=material_status_choices)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, verbose_name="文件")
    certificate_id = models.BigIntegerField("已有证照", null=True)
    note = models.CharField("说明", max_length=400, blank=True)
    opened_by = models.CharField("打开人", max_length=80, blank=True)
    opened_at = models.DateTimeField("打开时间", null=True)
    is_deferred = models.BooleanField("容缺", default=False)
    points = models.JSONField("已核对要点", default=dict)
    problem = models.CharField("需补正内容", max_length=400, blank=True)
    grade = models.CharField("可信等级", max_length=1, choices=grade_choices, blank=True)
    reused_from = models.BigIntegerField("取自以前的材料", null=True)
    is_handed_back = models.BooleanField("纸质件已扫描退还", default=False)
    original = models.CharField(
        "原件核验", max_length=8, choices=original_check_choices, blank=True
    )
    original_by = models.CharField("原件核验人", max_length=80, blank=True)
    original_at = models.DateTimeField("原件核验时间", null=True)
    original_note = models.CharField("原件核验说明", max_length=400, blank=True)

    class Meta:
        verbose_name = "办件材料"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "code"], name="case_material_code"),
            models.CheckConstraint(
                condition=models.Q(opened_by="", opened_at__isnull=True)
                | ~models.Q(opened_by="") & models.Q(opened_at__isnull=False),
                name="case_material_opened_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(original__in=["", "DUE"], original_by="", original_at=None)
                | models.Q(original__in=["MATCHES", "DIFFERS"], original_at__isnull=False)
                & ~models.Q(original_by=""),
                name="case_material_original_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(original="DIFFERS") | ~models.Q(original_note=""),
                name="case_material_differs_how",
            ),
            models.CheckConstraint(
                condition=models.Q(is_handed_back=False) | ~models.Q(status="PAPER"),
                name="case_material_back_or_kept",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["case"],
                name="case_material_uncertain",
                condition=models.Q(status="UNCERTAIN"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
