"""Acting for somebody else: columns and constraints."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.people.domain.authority import (
    AuthorisationEnd,
    AuthorisationState,
    ConfirmationWay,
    GuardianshipState,
    MandateAct,
)
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.secrets.fields import EncryptedField
from yiwang.kernel.identifiers.kinds import PaperKind


def state_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in AuthorisationState]


def way_choices() -> list[tuple[str, str]]:
    return [(way.value, way.label) for way in ConfirmationWay]


def end_choices() -> list[tuple[str, str]]:
    return [(end.value, end.label) for end in AuthorisationEnd]


def guardianship_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in GuardianshipState]


def agent_paper_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in PaperKind if kind is not PaperKind.USCC]


class Authorisation(models.Model):
    """A party lets a natural person act for it, for items, acts and a time.

    The agent is named by paper and name and never looked up when it is made: whether the person
    is registered changes nothing that the principal could see, and somebody who registers later
    finds it. It works for exactly the person whose paper and name both agree.
    """

    principal = models.ForeignKey(
        "people.Party", models.PROTECT, related_name="authorisations", verbose_name="委托人"
    )
    agent_label = models.CharField("代理人(显示)", max_length=120)
    agent_name = EncryptedField("代理人姓名")
    agent_paper_kind = models.CharField(
        "代理人证件类型", max_length=40, choices=agent_paper_choices
    )
    agent_paper_number = EncryptedField("代理人证件号码")
    agent_paper_index = models.BinaryField("代理人证件盲索引", max_length=16)
    agent_name_index = models.BinaryField("代理人姓名盲索引", max_length=16)
    items = models.JSONField("事项", default=list)
    is_for_all = models.BooleanField("全部事项", default=False)
    acts = models.JSONField("可以办的事", default=list)
    valid_from = models.DateField("起")
    valid_until = models.DateField("止")
    state = models.CharField("状态", max_length=10, choices=state_choices)
    way = models.CharField("确认方式", max_length=12, choices=way_choices)
    proposed_by = models.CharField("提出人", max_length=80)
    proposed_at = models.DateTimeField("提出时间")
    code_until = models.DateTimeField("验证码有效至", null=True)
    code_tries = models.PositiveSmallIntegerField("验证码错误次数", default=0)
    confirmed_by = models.CharField("确认人", max_length=80, blank=True)
    confirmed_label = models.CharField("确认人(显示)", max_length=120, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    paper = models.ForeignKey(Attachment, models.PROTECT, null=True, verbose_name="授权委托书")
    ended_at = models.DateTimeField("结束时间", null=True)
    end = models.CharField("结束原因", max_length=12, choices=end_choices, blank=True)
    review_since = models.DateTimeField("待新法定代表人确认,自", null=True)

    class Meta:
        verbose_name = "授权委托"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                # Nothing named never means everything: 全部事项 is a choice of its own.
                condition=models.Q(is_for_all=True, items=[])
                | models.Q(is_for_all=False) & ~models.Q(items=[]),
                name="authorisation_items_or_all",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="authorisation_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="CONFIRMED")
                | models.Q(confirmed_at__isnull=False, ended_at__isnull=True),
                name="authorisation_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["REVOKED", "EXPIRED"])
                | models.Q(ended_at__isnull=False) & ~models.Q(end=""),
                name="authorisation_ended_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["principal", "-id"], name="authorisation_principal"),
            models.Index(fields=["agent_paper_index", "-id"], name="authorisation_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} → {self.agent_label}"

    @property
    def subject(self) -> str:
        """Its name in the record, the outbox and the timers."""
        return f"authorisation:{self.pk}"

    @property
    def state_label(self) -> str:
        return AuthorisationState(self.state).label

    @property
    def act_labels(self) -> str:
        return "、".join(MandateAct(act).label for act in self.acts)


class AuthorisationUse(models.Model):
    """One thing an agent did by an authorisation: appended, shown to the principal."""

    authorisation = models.ForeignKey(
        Authorisation, models.PROTECT, related_name="uses", verbose_name="授权委托"
    )
    act = models.CharField("依据的委托", max_length=10)
    what = models.CharField("做了什么", max_length=200)
    subject = models.CharField("对象", max_length=80)
    actor = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "委托使用记录"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["authorisation", "-id"], name="use_of")]

    def __str__(self) -> str:
        return f"{self.authorisation_id} {self.what}"


class Guardianship(models.Model):
    """A guardian stands for a child until the 18th birthday: registered at a window with the
    paper that proves it, and in force only when a second person has confirmed it."""

    child = models.ForeignKey(
        "people.Party", models.PROTECT, related_name="guardians", verbose_name="被监护人"
    )
    guardian = models.ForeignKey(
        "people.Party", models.PROTECT, related_name="wards", verbose_name="监护人"
    )
    relation = models.CharField("关系", max_length=40)
    evidence = models.CharField("证明材料", max_length=120)
    paper = models.ForeignKey(Attachment, models.PROTECT, null=True, verbose_name="证明文件")
    born_on = models.DateField("出生日期")
    valid_until = models.DateField("止")
    state = models.CharField("状态", max_length=10, choices=guardianship_choices)
    proposed_by = models.CharField("登记人", max_length=80)
    proposed_label = models.CharField("登记人(显示)", max_length=120)
    proposed_at = models.DateTimeField("登记时间")
    decided_by = models.CharField("复核人", max_length=80, blank=True)
    decided_label = models.CharField("复核人(显示)", max_length=120, blank=True)
    decided_at = models.DateTimeField("复核时间", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "监护关系"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["child", "guardian"],
                name="guardianship_once",
                condition=models.Q(state__in=["PROPOSED", "CONFIRMED"]),
            ),
            models.CheckConstraint(
                condition=~models.Q(child=models.F("guardian")), name="guardianship_of_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="CONFIRMED")
                | ~models.Q(decided_by="") & ~models.Q(decided_by=models.F("proposed_by")),
                name="guardianship_two_people",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["guardian", "state"], name="guardianship_guardian"),
            models.Index(
                fields=["id"], name="guardianship_open", condition=models.Q(state="PROPOSED")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} → {self.child_id}"

    @property
    def subject(self) -> str:
        return f"guardianship:{self.pk}"

    @property
    def state_label(self) -> str:
        return GuardianshipState(self.state).label
