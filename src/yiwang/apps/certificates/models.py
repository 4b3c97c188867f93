"""Certificates and their states."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.people.public import Organ, Party
from yiwang.foundation.secrets.fields import EncryptedField


class CertificateStatus(models.TextChoices):
    VALID = "VALID", "有效"
    EXPIRED = "EXPIRED", "过期"
    CANCELLED = "CANCELLED", "注销"
    REVOKED = "REVOKED", "撤销"
    WITHDRAWN = "WITHDRAWN", "吊销"
    LOST = "LOST", "挂失"


def certificate_status_choices() -> list[tuple[str, str]]:
    return CertificateStatus.choices


class Certificate(models.Model):
    """One certificate of one holder. `kind` is the licence kind items refer to when they ask
    whether the city holds it already. Its PDF is a document of the platform, not a GB/T 36905
    electronic certificate, and says so."""

    identifier = models.CharField("证照标识", max_length=90, unique=True)
    kind = models.CharField("证照种类", max_length=60)
    name = models.CharField("名称", max_length=120)
    number = models.CharField("证照编号", max_length=80)
    holder = models.ForeignKey(Party, models.PROTECT, verbose_name="持证主体")
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="颁发机构")
    fields = EncryptedField("内容")
    issued_on = models.DateField("颁发日期")
    valid_until = models.DateField("有效期至", null=True)
    status = models.CharField(
        "状态", max_length=10, choices=certificate_status_choices, default=CertificateStatus.VALID
    )
    subject = models.CharField("来源办件", max_length=80, blank=True)
    document_id = models.UUIDField("文件", null=True)
    source = models.CharField("数据来源", max_length=120)

    class Meta:
        verbose_name = "电子证照"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [
            models.Index(fields=["holder", "kind", "status"], name="certificate_holder"),
            models.Index(fields=["subject"], name="certificate_subject"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"],
                name="certificate_one_per_case",
                condition=~models.Q(subject=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
