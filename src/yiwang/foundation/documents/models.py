"""Documents: decided in the transaction of the act, rendered and signed by a job after it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yiwang.foundation.documents.ruled_models import OrganSeal as OrganSeal
from yiwang.foundation.documents.ruled_models import SealProposal as SealProposal
from yiwang.foundation.documents.ruled_models import TemplateProposal as TemplateProposal
from yiwang.foundation.documents.ruled_models import TemplateText as TemplateText
from yiwang.foundation.files.models import StoredFile
from yiwang.foundation.secrets.fields import EncryptedField


class DocumentStatus(models.TextChoices):
    PENDING = "PENDING", "制作中"
    READY = "READY", "已生成"
    FAILED = "FAILED", "制作未成"


def document_status_choices() -> list[tuple[str, str]]:
    return DocumentStatus.choices


class LegalDocument(models.Model):
    """One paper of one subject. Its content is fixed when it is made; the PDF follows."""

    id = models.UUIDField("编号", primary_key=True, default=uuid.uuid4)
    kind = models.CharField("种类", max_length=40)
    subject = models.CharField("对象", max_length=80)
    title = models.CharField("名称", max_length=120)
    number = models.CharField("文号", max_length=120, unique=True)
    organ_name = models.CharField("机关", max_length=120)
    addressee_label = models.CharField("受文人", max_length=120)
    party_id = models.BigIntegerField("受文人编号", null=True)
    content = EncryptedField("内容")
    made_on = models.DateField("落款日期")
    check_code = models.CharField("查验码", max_length=24, unique=True)
    is_demo = models.BooleanField("演示", default=False)
    status = models.CharField(
        "状态", max_length=10, choices=document_status_choices, default=DocumentStatus.PENDING
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, verbose_name="文件")
    ready_at = models.DateTimeField("生成时间", null=True)
    missing_characters = models.CharField("缺字", max_length=200, blank=True)
    error = models.TextField("原因", blank=True)

    class Meta:
        verbose_name = "法律文书"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [
            models.Index(fields=["subject", "made_on"], name="document_subject"),
            models.Index(
                fields=["made_on"], name="document_open", condition=~models.Q(status="READY")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status="READY", file__isnull=False, ready_at__isnull=False)
                | ~models.Q(status="READY") & models.Q(file__isnull=True, ready_at__isnull=True),
                name="document_ready_has_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class NumberSeries(models.Model):
    """Gap-free document numbers per organ word, kind word and year: allocated last in the
    transaction, so that a rolled-back act gives its number back."""

    key = models.CharField("机关·种类·年份", max_length=120, primary_key=True)
    last = models.BigIntegerField("已用序号", default=0)

    class Meta:
        verbose_name = "文号序列"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
