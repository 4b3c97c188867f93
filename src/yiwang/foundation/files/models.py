from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """A content, stored once under its SHA-256."""

    sha256 = models.CharField("摘要", max_length=64, primary_key=True)
    size = models.PositiveIntegerField("大小(字节)")
    media_type = models.CharField("类型", max_length=80)
    stored_at = models.DateTimeField("存入时间")

    class Meta:
        verbose_name = "文件内容"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """A content as somebody's file: whose subject it belongs to, what it was called, what for."""

    id = models.UUIDField("编号", primary_key=True, default=uuid.uuid4)
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="内容")
    subject = models.CharField("对象", max_length=80)
    purpose = models.CharField("用途", max_length=60)
    name = models.CharField("文件名", max_length=200)
    uploaded_by = models.CharField("上传人", max_length=80)
    uploaded_at = models.DateTimeField("上传时间")
    removed_at = models.DateTimeField("移除时间", null=True)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["subject", "purpose"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.name
