"""People and places: columns and constraints."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from yiwang.apps.people.authority_models import (
    Authorisation as Authorisation,
)
from yiwang.apps.people.authority_models import (
    AuthorisationUse as AuthorisationUse,
)
from yiwang.apps.people.authority_models import (
    Guardianship as Guardianship,
)
from yiwang.apps.people.credit_models import DishonestyListing as DishonestyListing
from yiwang.apps.people.domain.vocabulary import AreaLevel, OrganKind, PartyKind, Separation
from yiwang.apps.people.duty_models import Handover as Handover
from yiwang.apps.people.outside_models import OutsideIdentity as OutsideIdentity
from yiwang.foundation.secrets.fields import EncryptedField
from yiwang.kernel.identifiers.papers import PaperKind


def area_level_choices() -> list[tuple[str, str]]:
    return [(level.value, level.label) for level in AreaLevel]


def organ_kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in OrganKind]


def party_kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in PartyKind]


def paper_kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in PaperKind]


class Area(models.Model):
    """A place in the five-level tree, by division code. A level may be missing under a parent
    (a district without townships); a zone (园区) may exist for statistics only."""

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=80)
    level = models.CharField("层级", max_length=10, choices=area_level_choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级"
    )
    is_zone = models.BooleanField("园区", default=False)
    valid_until = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "区域"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.name


class Organ(models.Model):
    """An organ that implements items, accepts, decides or supervises. A closed one (`valid_until`)
    keeps its history and takes no new cases: the database refuses them."""

    slug = models.SlugField("标识", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("性质", max_length=20, choices=organ_kind_choices)
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="所在区域")
    document_word = models.CharField("文号代字", max_length=20)
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    valid_until = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document_word"], name="organ_document_word")
        ]

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """A service hall with its opening hours."""

    slug = models.SlugField("标识", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="所在区域")
    address = models.CharField("地址", max_length=200)
    hours = models.CharField("开放时间", max_length=200)
    valid_until = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "政务服务大厅"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A comprehensive window: any item of its package, whichever organ decides it."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="windows", verbose_name="大厅")
    number = models.CharField("窗口号", max_length=20)
    name = models.CharField("名称", max_length=80)
    package = models.JSONField("事项包", default=list)
    valid_until = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = "窗口"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "number"], name="window_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Party(models.Model):
    """A natural or legal person the government serves (服务对象).

    Persons are told apart by paper kind and number, never by name. `label` is masked for natural
    persons and is what lists show.
    """

    kind = models.CharField("类别", max_length=20, choices=party_kind_choices)
    label = models.CharField("显示名称", max_length=120)
    name = EncryptedField("姓名或名称")
    paper_kind = models.CharField("证件类型", max_length=40, choices=paper_kind_choices)
    paper_number = EncryptedField("证件号码")
    paper_index = models.BinaryField("证件盲索引", max_length=16)
    name_index = models.BinaryField("姓名盲索引", max_length=16)
    phone = EncryptedField("手机号码", null=True)
    phone_index = models.BinaryField("手机盲索引", max_length=16, null=True)
    details = EncryptedField("其他信息", null=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, verbose_name="户籍或住所地")
    salt = models.BinaryField("摘要盐", max_length=16)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "服务对象"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper_kind", "paper_index"], name="party_paper")
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_index"], name="party_name"),
            models.Index(fields=["phone_index"], name="party_phone"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_natural(self) -> bool:
        return self.kind == PartyKind.NATURAL_PERSON


class Representation(models.Model):
    """Who may act for a legal person: its legal representative, or somebody it named."""

    organisation = models.ForeignKey(
        Party, models.PROTECT, related_name="representatives", verbose_name="单位"
    )
    person = models.ForeignKey(
        Party, models.PROTECT, related_name="represents", verbose_name="代表人"
    )
    is_legal_representative = models.BooleanField("法定代表人", default=False)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "代表关系"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "person"], name="representation_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.organisation_id}"


class Role(models.Model):
    """A named set of permissions. `separation` marks the three administrators."""

    code = models.CharField("代码", max_length=40, primary_key=True)
    name = models.CharField("名称", max_length=40)
    permissions = models.JSONField("权限", default=list)
    separation = models.CharField("三员", max_length=10, default=Separation.NONE)

    class Meta:
        verbose_name = "角色"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (岗位): a role at an organ, within an area, at a window where it is a window post."""

    name = models.CharField("岗位", max_length=80)
    role = models.ForeignKey(Role, models.PROTECT, verbose_name="角色")
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="机构")
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="管辖区域")
    window = models.ForeignKey(Window, models.PROTECT, null=True, verbose_name="窗口")

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "name"], name="post_organ_name")
        ]

    def __str__(self) -> str:
        return self.name


class Account(AbstractBaseUser):
    """A way to sign in: a citizen's (bound to a party) or a member of staff's (holding posts)."""

    login = models.CharField("登录名", max_length=60, unique=True)
    label = models.CharField("显示姓名", max_length=60)
    party = models.OneToOneField(
        Party, models.PROTECT, null=True, related_name="account", verbose_name="本人"
    )
    is_staff = models.BooleanField("工作人员", default=False)
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    failures = models.PositiveSmallIntegerField("连续失败次数", default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    second_factor = EncryptedField("动态口令密钥", null=True)
    second_factor_step = models.BigIntegerField("已用动态口令时段", default=0)
    password_set_at = models.DateTimeField("密码设置时间", null=True)
    must_change_password = models.BooleanField("要先改密码", default=False)

    USERNAME_FIELD = "login"

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["is_staff", "login", "id"], name="account_list")]

    def __str__(self) -> str:
        return self.login


class PostHolding(models.Model):
    """Who holds a post: the holder (A角) always, the deputy (B角) while the holder is absent."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name="岗位")
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="holdings", verbose_name="账号"
    )
    is_deputy = models.BooleanField("B角", default=False)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止", null=True)

    class Meta:
        verbose_name = "任岗"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "account"], name="holding_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} @ {self.post_id}"


class Absence(models.Model):
    """A period in which somebody is away: the deputies of their posts act meanwhile."""

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="absences", verbose_name="账号"
    )
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    reason = models.CharField("原因", max_length=80)

    class Meta:
        verbose_name = "离岗"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="absence_order"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["account", "ends_at"], name="absence_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.starts_at}"


class Disclosure(models.Model):
    """Somebody on the staff saw a person's full data, or took a file: shown to the person."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="谁的信息")
    what = models.CharField("内容", max_length=120)
    reason = models.CharField("理由", max_length=200)
    actor = models.CharField("查看人", max_length=80)
    actor_label = models.CharField("查看人岗位", max_length=120)
    subject = models.CharField("相关办件", max_length=80, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "信息查看记录"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["party", "-at"], name="disclosure_party")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


class SecurityEvent(models.Model):
    """Sign-ins, failures, lock-outs, changes of rights: kept at least 180 days."""

    kind = models.CharField("种类", max_length=40)
    account = models.CharField("账号", max_length=80, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True)
    detail = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "安全事件"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["-at"], name="security_event_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.account}"
