"""What a case gathers on the branches of its way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.cases.models.case import Case
from yiwang.apps.catalog.public import ProcedureKind
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.secrets.fields import EncryptedField


class ProposalKind(models.TextChoices):
    VOID = "VOID", "作废"
    CORRECT_DATA = "CORRECT_DATA", "更正办件信息"
    TERMINATE = "TERMINATE", "终止办理"


def proposal_kind_choices() -> list[tuple[str, str]]:
    return ProposalKind.choices


class CaseProposal(models.Model):
    """A change that needs a second person: proposed by one with a reason, decided by another.

    `content` is sealed, since a correction holds answers of the form. `proof` is the paper that a
    termination rests on: the database keeps none without it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals", verbose_name="办件")
    kind = models.CharField("种类", max_length=20, choices=proposal_kind_choices)
    content = EncryptedField("内容")
    proof = models.ForeignKey(
        Attachment, models.PROTECT, null=True, related_name="+", verbose_name="证明材料"
    )
    reason = models.CharField("理由", max_length=400)
    proposed_by = models.CharField("提出人", max_length=80)
    proposed_by_label = models.CharField("提出人(显示)", max_length=80)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.CharField("决定人", max_length=80, blank=True)
    decided_by_label = models.CharField("决定人(显示)", max_length=80, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    is_approved = models.BooleanField("是否同意", null=True)
    note = models.CharField("决定说明", max_length=400, blank=True)

    class Meta:
        verbose_name = "待第二人确认的变更"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                name="proposal_one_open",
                condition=models.Q(decided_at__isnull=True),
            ),
            # The database itself asks for two people.
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")), name="proposal_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by="", is_approved__isnull=True)
                | models.Q(decided_at__isnull=False, is_approved__isnull=False)
                & ~models.Q(decided_by=""),
                name="proposal_decided_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="TERMINATE") | models.Q(proof__isnull=False),
                name="proposal_termination_proven",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class ProcedureState(models.TextChoices):
    """A hearing goes through all; the others are open and then done."""

    OPEN = "OPEN", "进行中"
    REQUESTED = "REQUESTED", "已要求听证"
    SCHEDULED = "SCHEDULED", "已通知举行"
    DONE = "DONE", "已完成"
    WAIVED = "WAIVED", "放弃或未提出"


def procedure_state_choices() -> list[tuple[str, str]]:
    return ProcedureState.choices


def procedure_kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in ProcedureKind]


class SpecialProcedure(models.Model):
    """One special procedure of a case: hearing, publicity, expert review, third party, testing.

    `due_on`: the day until which somebody may speak (hearing request, objection), or the last day
    of a hearing. `pause` names the stop of the clock that goes with it, blank for none.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="procedures", verbose_name="办件")
    code = models.CharField("程序", max_length=40)
    kind = models.CharField("种类", max_length=20, choices=procedure_kind_choices)
    name = models.CharField("名称", max_length=80)
    state = models.CharField("状态", max_length=12, choices=procedure_state_choices)
    told = models.TextField("告知内容")
    opened_at = models.DateTimeField("开始时间")
    opened_by = models.CharField("发起人", max_length=80)
    due_on = models.DateField("截止日", null=True)
    held_on = models.DateField("举行日期", null=True)
    place = models.CharField("地点", max_length=200, blank=True)
    presiding = models.CharField("主持人账号", max_length=80, blank=True)
    presiding_label = models.CharField("主持人", max_length=80, blank=True)
    requested_by = models.CharField("谁要求", max_length=120, blank=True)
    outcome = models.TextField("结论", blank=True)
    closed_at = models.DateTimeField("结束时间", null=True)
    closed_by = models.CharField("结束人", max_length=80, blank=True)
    pause = models.CharField("停止编号", max_length=60, blank=True)

    class Meta:
        verbose_name = "特别程序"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "code"],
                name="procedure_one_open",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) & ~models.Q(state__in=["DONE", "WAIVED"])
                | models.Q(closed_at__isnull=False, state__in=["DONE", "WAIVED"])
                & ~models.Q(outcome=""),
                name="procedure_closed_pair",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="procedure_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class OutsideStatus(models.Model):
    """A status that came back from the system which decides: with its source and its time.

    `at_source` is that system's own time, `received_at` ours; nothing of it is claimed as ours.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="outside_statuses", verbose_name="办件"
    )
    system = models.CharField("系统", max_length=120)
    receipt = models.CharField("外部编号", max_length=80, blank=True)
    status = models.CharField("状态", max_length=200)
    at_source = models.DateTimeField("外部时间", null=True)
    received_at = models.DateTimeField("回传时间")
    entered_by = models.CharField("登记人", max_length=80)

    class Meta:
        verbose_name = "外部系统状态"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="outside_status_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.status}"


class Parcel(models.Model):
    """The result on its way by post."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parcels", verbose_name="办件")
    carrier = models.CharField("寄递企业", max_length=60)
    number = models.CharField("单号", max_length=40)
    address = EncryptedField("收件地址")
    sent_at = models.DateTimeField("寄出时间")
    sent_by = models.CharField("寄出人", max_length=80)
    signed_at = models.DateTimeField("签收时间", null=True)

    class Meta:
        verbose_name = "寄递"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["carrier", "number"], name="parcel_number")
        ]
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="parcel_case")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"
