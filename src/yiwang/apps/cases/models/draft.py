"""What is filled in and not handed in yet."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yiwang.apps.cases.models.case import channel_choices
from yiwang.apps.cases.models.green import green_channel_choices
from yiwang.apps.catalog.public import ItemVersion
from yiwang.apps.people.public import Hall, Party, Window
from yiwang.foundation.secrets.fields import EncryptedField


class Draft(models.Model):
    """An application being filled in: saved, not handed in, without number, clock or record.

    A window clerk's workspace is the same thing with another channel. Its id becomes the case's
    filing key, so that handing in twice gives one case.
    """

    id = models.UUIDField("编号", primary_key=True, default=uuid.uuid4)
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, verbose_name="事项版本")
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    applicant = models.ForeignKey(
        Party, models.PROTECT, related_name="drafts", verbose_name="申请人"
    )
    filed_by = models.ForeignKey(
        Party, models.PROTECT, related_name="+", null=True, verbose_name="经办人"
    )
    owner = models.CharField("填写人", max_length=80)
    hall = models.ForeignKey(Hall, models.PROTECT, verbose_name="收件大厅")
    # 代收: the window that takes it in for `hall`; null where the window handles the item itself.
    taken_in_window = models.ForeignKey(
        Window, models.PROTECT, related_name="+", null=True, db_index=False, verbose_name="代收窗口"
    )
    channel = models.CharField("申请方式", max_length=10, choices=channel_choices)
    form = EncryptedField("表单")
    files = models.JSONField("材料文件", default=dict)
    paper = models.JSONField("纸质材料", default=list)
    handed_back = models.JSONField("扫描后退还的纸质材料", default=list)
    reused = models.JSONField("用以前的材料", default=dict)
    commitment = models.CharField("告知承诺", max_length=40, blank=True)
    is_helped = models.BooleanField("帮办代办", default=False)
    helped = models.CharField("帮办说明", max_length=200, blank=True)
    green_channel = models.CharField(
        "绿色通道", max_length=10, choices=green_channel_choices, blank=True
    )
    green_reason = models.CharField("优先理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    created_at = models.DateTimeField("建立时间")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "草稿"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["owner", "-saved_at"], name="draft_owner")]

    def __str__(self) -> str:
        return f"{self.item_name} {self.id}"

    @property
    def subject(self) -> str:
        return f"draft:{self.id}"
