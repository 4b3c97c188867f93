"""What signing in with our accounts leaves behind: a consent, a code for a minute, a token."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yiwang.apps.people.public import Account


class SignInConsent(models.Model):
    """A person agreed that a department's site may know them (个人信息保护法 §23, §15). `subject`
    is what that site knows them by, and no other site does."""

    client = models.ForeignKey(
        "partners.ApiClient", models.CASCADE, related_name="consents", verbose_name="接入系统"
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="账号")
    subject = models.UUIDField("对该系统的标识", unique=True, default=uuid.uuid4)
    scopes = models.JSONField("同意提供的内容", default=list)
    given_at = models.DateTimeField("同意时间")
    ended_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "登录同意"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "account"], name="consent_once")
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="consent_account")]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.client_id}"


class SignInCode(models.Model):
    """An authorization code by its SHA-256: for one exchange, within a minute."""

    digest = models.BinaryField("摘要", max_length=32, unique=True)
    consent = models.ForeignKey(SignInConsent, models.CASCADE, related_name="codes")
    redirect_uri = models.CharField("回到的地址", max_length=400)
    scopes = models.JSONField("提供的内容", default=list)
    nonce = models.CharField("随机数", max_length=200, blank=True)
    challenge = models.CharField("PKCE 摘要", max_length=43)
    signed_in_at = models.DateTimeField("登录时间", null=True)
    has_second_factor = models.BooleanField("核对过动态口令", default=False)
    expires_at = models.DateTimeField("失效时间", db_index=True)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "登录授权码"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.consent_id} {self.expires_at}"


class SignInToken(models.Model):
    """A token for the person's data by its SHA-256, for ten minutes."""

    digest = models.BinaryField("摘要", max_length=32, unique=True)
    code = models.ForeignKey(SignInCode, models.CASCADE, related_name="tokens")
    expires_at = models.DateTimeField("失效时间", db_index=True)
    read_at = models.DateTimeField("第一次读取时间", null=True)

    class Meta:
        verbose_name = "登录令牌"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.code_id} {self.expires_at}"
