"""Certificates, the changes of their states, and proposals to revoke one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.certificates.domain.states import IN_FORCE, CertificateStatus
from yiwang.apps.people.public import Organ, Party
from yiwang.foundation.secrets.fields import EncryptedField

__all__ = [
    "IN_FORCE",
    "Certificate",
    "CertificateStatus",
    "ProposalState",
    "RevocationProposal",
    "StateChange",
    "certificate_status_choices",
]


def certificate_status_choices() -> list[tuple[str, str]]:
    return [(status.value, status.label) for status in CertificateStatus]


class Certificate(models.Model):
    """One certificate of one holder. `kind` is the licence kind items refer to when they ask
    whether the city holds it already. Its PDF is a document of the platform, not a GB/T 36905
    electronic certificate, and says so.

    `version` is the seq of its last record entry and `record_hash` that entry's hash; both are
    empty until something happens to it after its issue, which the case's record tells.
    """

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
    status_on = models.DateField("状态日期", null=True)
    subject = models.CharField("来源办件", max_length=80, blank=True)
    document_id = models.UUIDField("文件", null=True)
    source = models.CharField("数据来源", max_length=120)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replacement", verbose_name="代替的证照"
    )
    renewal_subject = models.CharField("延续办件", max_length=80, blank=True)
    asked = models.CharField("持证人的申请", max_length=10, blank=True)
    asked_reason = models.CharField("申请理由", max_length=400, blank=True)
    asked_at = models.DateTimeField("申请时间", null=True)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32, default=b"")

    class Meta:
        verbose_name = "电子证照"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [
            models.Index(fields=["holder", "kind", "status"], name="certificate_holder"),
            models.Index(fields=["subject"], name="certificate_subject"),
            models.Index(fields=["document_id"], name="certificate_document"),
            models.Index(fields=["organ", "-id"], name="certificate_organ"),
            models.Index(fields=["organ", "status", "-id"], name="certificate_organ_status"),
            models.Index(
                fields=["organ", "-id"],
                name="certificate_organ_asked",
                condition=~models.Q(asked=""),
            ),
            models.Index(
                fields=["valid_until", "id"],
                name="certificate_expiring",
                condition=models.Q(status="VALID", valid_until__isnull=False),
            ),
            models.Index(
                fields=["renewal_subject"],
                name="certificate_renewal",
                condition=models.Q(status="DEEMED"),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"],
                name="certificate_one_per_case",
                condition=~models.Q(subject="") & models.Q(supersedes__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(status="DEEMED") & ~models.Q(renewal_subject="")
                | ~models.Q(status="DEEMED"),
                name="certificate_deemed_by_an_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def record_subject(self) -> str:
        """The certificate's name in the record, the outbox, timers and of its papers."""
        return f"certificate:{self.pk}"

    @property
    def status_label(self) -> str:
        return CertificateStatus(self.status).label


class StateChange(models.Model):
    """One change of a certificate's state, with its grounds: appended, never edited."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="changes", verbose_name="证照"
    )
    action = models.CharField("动作", max_length=20)
    status = models.CharField("变更后状态", max_length=10, choices=certificate_status_choices)
    at = models.DateTimeField("时间")
    ground = models.CharField("情形", max_length=20, blank=True)
    ground_label = models.CharField("情形(文字)", max_length=200, blank=True)
    facts = models.TextField("事实", blank=True)
    articles = models.JSONField("依据", default=list)
    reason = models.TextField("理由", blank=True)
    document_id = models.UUIDField("文书", null=True)
    by = models.CharField("办理人", max_length=80)
    by_label = models.CharField("办理人(显示)", max_length=80)

    class Meta:
        verbose_name = "证照状态变更"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["certificate", "id"], name="state_change_of")]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.status}"


class ProposalState(models.TextChoices):
    REFERRED = "REFERRED", "移送待告知"
    NOTIFIED = "NOTIFIED", "已告知,待决定"
    REVOKED = "REVOKED", "已作出撤销决定"
    DROPPED = "DROPPED", "不予撤销"


def proposal_state_choices() -> list[tuple[str, str]]:
    return ProposalState.choices


class RevocationProposal(models.Model):
    """拟撤销: told to the holder first, decided by another person when the period is over.

    One that an overseer hands over (`source`) waits until the issuing organ tells the holder.
    """

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="proposals", verbose_name="证照"
    )
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="颁发机构")
    state = models.CharField("状态", max_length=10, choices=proposal_state_choices)
    source = models.CharField("来源", max_length=80, blank=True)
    ground = models.CharField("情形", max_length=20)
    facts = models.TextField("拟认定的事实")
    reason = models.TextField("理由")
    created_at = models.DateTimeField("提出时间")
    created_by_label = models.CharField("提出人(显示)", max_length=120)
    notified_by = models.CharField("告知人", max_length=80, blank=True)
    notified_by_label = models.CharField("告知人(显示)", max_length=80, blank=True)
    notified_at = models.DateTimeField("告知时间", null=True)
    notice_id = models.UUIDField("告知书", null=True)
    due_at = models.DateTimeField("陈述申辩期满", null=True)
    statement = EncryptedField("持证人的陈述申辩", null=True)
    responded_at = models.DateTimeField("陈述时间", null=True)
    is_hearing_asked = models.BooleanField("要求听证", default=False)
    waived_at = models.DateTimeField("书面放弃时间", null=True)
    hearing_on = models.DateField("听证日期", null=True)
    presiding = models.CharField("听证主持人", max_length=80, blank=True)
    hearing_text = EncryptedField("听证情况", null=True)
    decided_by = models.CharField("决定人", max_length=80, blank=True)
    decided_by_label = models.CharField("决定人(显示)", max_length=80, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    drop_ground = models.CharField("不予撤销的情形", max_length=20, blank=True)
    decision = models.TextField("决定理由", blank=True)

    class Meta:
        verbose_name = "拟撤销"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(state__in=["REFERRED", "NOTIFIED"]),
                name="revocation_one_open",
            ),
            # Nobody alone revokes, whatever the code above it does.
            models.CheckConstraint(
                condition=~models.Q(state="REVOKED")
                | models.Q(decided_at__isnull=False, notified_at__isnull=False)
                & ~models.Q(decided_by="")
                & ~models.Q(notified_by="")
                & ~models.Q(decided_by=models.F("notified_by")),
                name="revocation_two_persons",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="REVOKED")
                | models.Q(waived_at__isnull=False)
                | models.Q(hearing_on__isnull=False)
                | models.Q(decided_at__gte=models.F("due_at")),
                name="revocation_after_the_period",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organ", "created_at", "id"],
                name="revocation_open",
                condition=models.Q(state__in=["REFERRED", "NOTIFIED"]),
            ),
            models.Index(fields=["certificate", "-id"], name="revocation_of"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.state}"
