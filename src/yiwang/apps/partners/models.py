"""Clients of the API, their keys and tokens, what they are told, what they asked before."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from yiwang.apps.partners.domain.vocabulary import ClientState, News, PushState
from yiwang.apps.partners.sign_in_models import SignInCode as SignInCode
from yiwang.apps.partners.sign_in_models import SignInConsent as SignInConsent
from yiwang.apps.partners.sign_in_models import SignInToken as SignInToken
from yiwang.apps.people.public import Account, Organ
from yiwang.foundation.secrets.fields import EncryptedField


def client_state_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in ClientState]


def push_state_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in PushState]


def news_choices() -> list[tuple[str, str]]:
    return [(news.value, news.label) for news in News]


class ApiClient(models.Model):
    """A department's system that calls the API for one organ. Registered by one administrator,
    confirmed by another; until then it has no key."""

    identifier = models.CharField("接入标识", max_length=40, unique=True)
    name = models.CharField("系统名称", max_length=80)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="所属单位")
    owner = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="对接负责人")
    contact = models.CharField("联系方式", max_length=120)
    scopes = models.JSONField("权限范围", default=list)
    networks = models.JSONField("允许的网段", default=list)
    redirect_uris = models.JSONField("登录后回到的地址", default=list)
    valid_until = models.DateField("有效期至")
    state = models.CharField(
        "状态", max_length=10, choices=client_state_choices, default=ClientState.PROPOSED.value
    )
    proposed_by = models.CharField("登记人", max_length=80)
    proposed_by_label = models.CharField("登记人(显示)", max_length=120)
    proposed_at = models.DateTimeField("登记时间")
    confirmed_by = models.CharField("确认人", max_length=80, blank=True)
    confirmed_by_label = models.CharField("确认人(显示)", max_length=120, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    disabled_by_label = models.CharField("停用人(显示)", max_length=120, blank=True)
    disabled_at = models.DateTimeField("停用时间", null=True)
    disabled_reason = models.CharField("停用原因", max_length=200, blank=True)
    rotation_by = models.CharField("申请换发人", max_length=80, blank=True)
    rotation_at = models.DateTimeField("申请换发时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = "接入系统"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="ACTIVE")
                | (~models.Q(confirmed_by="") & ~models.Q(confirmed_by=models.F("proposed_by"))),
                name="client_confirmed_by_another",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organ", "state"], name="client_organ")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"client:{self.pk}"

    @property
    def state_label(self) -> str:
        return ClientState(self.state).label


class ClientSecret(models.Model):
    """A key of a client, as a scrypt hash: shown once and never again. Two may be valid while
    the system changes over."""

    client = models.ForeignKey(
        ApiClient, models.CASCADE, related_name="secrets", verbose_name="接入系统"
    )
    hash = models.CharField("散列", max_length=200)
    issued_by = models.CharField("发放人", max_length=80)
    issued_at = models.DateTimeField("发放时间")
    ends_at = models.DateTimeField("失效时间", null=True)

    class Meta:
        verbose_name = "接入密钥"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.client_id} {self.issued_at}"


class AccessToken(models.Model):
    """A bearer token by its SHA-256: whoever reads the table cannot call with it."""

    digest = models.BinaryField("摘要", max_length=32, unique=True)
    client = models.ForeignKey(
        ApiClient, models.CASCADE, related_name="tokens", verbose_name="接入系统"
    )
    scopes = models.JSONField("权限范围", default=list)
    expires_at = models.DateTimeField("失效时间", db_index=True)

    class Meta:
        verbose_name = "访问令牌"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.client_id} {self.expires_at}"


class KeyedRequest(models.Model):
    """What a client asked under an Idempotency-Key, and what it was answered."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+", verbose_name="接入系统")
    key = models.CharField("幂等键", max_length=120)
    fingerprint = models.BinaryField("请求摘要", max_length=32)
    asked_at = models.DateTimeField("时间", db_index=True)
    operation = models.CharField("操作", max_length=60, blank=True)
    status = models.PositiveSmallIntegerField("状态码", null=True)
    content_type = models.CharField("内容类型", max_length=80, blank=True)
    answer = EncryptedField("答复", null=True)

    class Meta:
        verbose_name = "幂等请求"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "key"], name="keyed_request_once")
        ]

    def __str__(self) -> str:
        return self.key


class NewsCounter(models.Model):
    """The last number of an organ's events. Its row is locked until the commit, so numbers appear
    in their order and a reader who asks for what is after one misses none."""

    organ = models.OneToOneField(
        Organ, models.PROTECT, primary_key=True, related_name="+", verbose_name="机构"
    )
    last = models.PositiveBigIntegerField("最后编号", default=0)

    class Meta:
        verbose_name = "事件编号"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.organ_id}: {self.last}"


class CaseNews(models.Model):
    """A public event of a case, for the clients of its organ: no personal data. `source` is the
    outbox event it came from; `number` runs without a gap per organ."""

    identifier = models.UUIDField("事件标识", unique=True, default=uuid.uuid4)
    source = models.BigIntegerField("来源事件", unique=True, null=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="机构")
    number = models.PositiveBigIntegerField("编号")
    name = models.CharField("事件", max_length=30, choices=news_choices)
    at = models.DateTimeField("发生时间")
    case_id = models.BigIntegerField("办件")
    short_number = models.CharField("办件简号", max_length=24)
    version = models.PositiveIntegerField("版本")
    item_code = models.CharField("事项标识", max_length=60)

    class Meta:
        verbose_name = "办件事件"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "number"], name="news_number")
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="news_at")]

    def __str__(self) -> str:
        return f"{self.name} {self.short_number}"


class Webhook(models.Model):
    """Where a client wants to be told, of which events."""

    client = models.ForeignKey(
        ApiClient, models.CASCADE, related_name="webhooks", verbose_name="接入系统"
    )
    url = models.CharField("推送地址", max_length=400)
    events = models.JSONField("事件", default=list)
    secret = EncryptedField("签名密钥")
    created_at = models.DateTimeField("订阅时间")
    ended_at = models.DateTimeField("退订时间", null=True)
    resting_until = models.DateTimeField("暂缓至", null=True)

    class Meta:
        verbose_name = "事件订阅"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.url


class Push(models.Model):
    """One event to one subscription."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="pushes", verbose_name="订阅")
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+", verbose_name="接入系统")
    news = models.ForeignKey(CaseNews, models.CASCADE, related_name="pushes", verbose_name="事件")
    case_id = models.BigIntegerField("办件")
    state = models.CharField(
        "状态", max_length=10, choices=push_state_choices, default=PushState.PENDING.value
    )
    attempts = models.PositiveIntegerField("尝试次数", default=0)
    since = models.DateTimeField("起算时间")
    next_attempt_at = models.DateTimeField("下次尝试")
    delivered_at = models.DateTimeField("送达时间", null=True)
    error = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "事件推送"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["webhook", "news"], name="push_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="push_due",
                condition=models.Q(state="PENDING"),
            ),
            models.Index(
                fields=["client", "case_id", "news"],
                name="push_order",
                condition=models.Q(state="PENDING"),
            ),
            models.Index(fields=["id"], name="push_failed", condition=models.Q(state="FAILED")),
        ]

    def __str__(self) -> str:
        return f"{self.news_id} → {self.webhook_id}"
