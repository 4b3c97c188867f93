"""Who somebody is at an outside provider."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class OutsideIdentity(models.Model):
    """An account's name at an outside provider: issuer and subject, never a name or an address."""

    account = models.ForeignKey(
        "people.Account", models.PROTECT, related_name="outside", verbose_name="账号"
    )
    issuer = models.CharField("签发方", max_length=200)
    subject = models.CharField("对方的标识", max_length=255)
    bound_at = models.DateTimeField("绑定时间")
    last_used_at = models.DateTimeField("最近登录", null=True)

    class Meta:
        verbose_name = "外部身份"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="outside_subject"),
            models.UniqueConstraint(fields=["issuer", "account"], name="outside_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} @ {self.issuer}"
