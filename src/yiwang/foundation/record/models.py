"""The record: one hash chain per subject, appended in the transaction of the change itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RecordEntry(models.Model):
    """One act by one actor at one time. It holds ids and salted digests, no personal data, and no
    foreign key: it outlives what it tells of. Rows are never updated or deleted (trigger)."""

    subject = models.CharField("对象", max_length=80)
    seq = models.PositiveIntegerField("序号")
    operation = models.CharField("操作", max_length=60)
    actor = models.CharField("操作人", max_length=80)
    at = models.DateTimeField("时间")
    facts = models.JSONField("事实", default=dict)
    digests = models.JSONField("摘要", default=dict)
    previous = models.BinaryField("前一条哈希", max_length=32)
    hash = models.BinaryField("本条哈希", max_length=32)

    class Meta:
        verbose_name = "记录条目"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "seq"], name="record_subject_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="record_seq_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}#{self.seq} {self.operation}"


class RootSeal(models.Model):
    """One signed root over the entries committed since the one before. The signed file with every
    leaf is kept outside the database; this row only says where the next one begins."""

    number = models.PositiveIntegerField("序号", unique=True)
    sealed_at = models.DateTimeField("签封时间")
    last_entry = models.BigIntegerField("截至条目")
    leaves = models.PositiveIntegerField("条目数")
    root = models.BinaryField("根", max_length=32)
    file_name = models.CharField("文件", max_length=120)

    class Meta:
        verbose_name = "记录签封"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.file_name
