"""Enquiries with what was said, notes for editors, and answers that everybody may read."""

from __future__ import annotations

from typing import ClassVar

from django.core import signing
from django.db import models

from yiwang.apps.enquiries.domain.states import EnquiryKind, EnquiryState, NoteState
from yiwang.apps.people.public import Organ, Party
from yiwang.foundation.secrets.fields import EncryptedField

SALT = "enquiries.slip"


def kind_choices() -> list[tuple[str, str]]:
    return [(k.value, k.label) for k in EnquiryKind]


def state_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in EnquiryState]


def note_state_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in NoteState]


class Enquiry(models.Model):
    """A question, complaint or suggestion about a case or a guide, and where it stands.

    `party` is None for an anonymous one, who holds a slip instead. `excluded` are the accounts
    that handled the case: none of them handles the complaint about it. `round` counts the asking.
    """

    kind = models.CharField("类别", max_length=12, choices=kind_choices)
    state = models.CharField("状态", max_length=14, choices=state_choices)
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    item_version_id = models.BigIntegerField("事项版本")
    case_id = models.BigIntegerField("办件", null=True)
    short_number = models.CharField("办件简号", max_length=24, blank=True)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="答复单位")
    party = models.ForeignKey(Party, models.PROTECT, null=True, verbose_name="提出人")
    asker_label = models.CharField("提出人(显示)", max_length=120)
    contact = EncryptedField("联系方式", null=True)
    excluded = models.JSONField("回避人员", default=list)
    round = models.PositiveSmallIntegerField("第几次", default=1)
    asked_at = models.DateTimeField("提出时间")
    due_on = models.DateField("办理期限", null=True)
    sort_due_at = models.DateTimeField("排序到期")
    urged_at = models.DateTimeField("催办时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    is_guide_wrong = models.BooleanField("指南有误", default=False)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32, default=b"")

    class Meta:
        verbose_name = "咨询投诉"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["SATISFIED", "NOT_ACCEPTED", "TOLD"], ended_at__isnull=False
                )
                | ~models.Q(state__in=["SATISFIED", "NOT_ACCEPTED", "TOLD"])
                & models.Q(ended_at__isnull=True),
                name="enquiry_ended_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(case_id__isnull=True) | models.Q(party__isnull=False),
                name="enquiry_of_case_is_named",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organ", "sort_due_at", "id"],
                name="enquiry_waiting",
                condition=models.Q(state__in=["ASKED", "LODGED", "ACCEPTED"]),
            ),
            models.Index(fields=["organ", "-id"], name="enquiry_organ"),
            models.Index(fields=["party", "-id"], name="enquiry_party"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def subject(self) -> str:
        """Its name in the record, the outbox and of its timer."""
        return f"enquiry:{self.pk}"

    @property
    def kind_label(self) -> str:
        return EnquiryKind(self.kind).label

    @property
    def state_label(self) -> str:
        return EnquiryState(self.state).label

    @property
    def slip(self) -> str:
        """What an anonymous asker keeps: whoever holds it reads the answer."""
        return signing.dumps(self.pk, salt=SALT)


class EnquiryEntry(models.Model):
    """What was said, by either side: appended, never edited."""

    enquiry = models.ForeignKey(
        Enquiry, models.PROTECT, related_name="entries", verbose_name="咨询投诉"
    )
    act = models.CharField("行为", max_length=20)
    round = models.PositiveSmallIntegerField("第几次")
    text = EncryptedField("内容")
    by = models.CharField("经手人", max_length=80)
    by_label = models.CharField("经手人(显示)", max_length=120)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "咨询投诉往来"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["enquiry", "id"], name="enquiry_entry")]

    def __str__(self) -> str:
        return f"{self.enquiry_id} {self.act}"


class GuideNote(models.Model):
    """指南有误: for the editor of the item, until the guide and the practice agree."""

    enquiry = models.OneToOneField(Enquiry, models.PROTECT, verbose_name="咨询投诉")
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    text = models.CharField("哪里有误", max_length=1000)
    state = models.CharField("状态", max_length=8, choices=note_state_choices)
    opened_at = models.DateTimeField("提出时间")
    closed_at = models.DateTimeField("处理时间", null=True)
    closed_by = models.CharField("处理人", max_length=80, blank=True)
    outcome = models.CharField("处理说明", max_length=1000, blank=True)

    class Meta:
        verbose_name = "指南纠错单"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="OPEN", closed_at__isnull=True, closed_by="")
                | ~models.Q(state="OPEN")
                & models.Q(closed_at__isnull=False)
                & ~models.Q(closed_by=""),
                name="guide_note_closed_pair",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-id"], name="guide_note_state")]

    def __str__(self) -> str:
        return self.item_code


class PublishedAnswer(models.Model):
    """A question with its answer on the guide: a text an editor wrote, never the raw question."""

    item_code = models.CharField("事项标识", max_length=60)
    question = models.CharField("问题", max_length=200)
    answer = models.CharField("答复", max_length=1000)
    published_by = models.CharField("发布人", max_length=80)
    published_at = models.DateTimeField("发布时间")
    withdrawn_by = models.CharField("撤下人", max_length=80, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True)

    class Meta:
        verbose_name = "公开问答"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_by="", withdrawn_at__isnull=True)
                | ~models.Q(withdrawn_by="") & models.Q(withdrawn_at__isnull=False),
                name="published_answer_withdrawn_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["item_code", "-id"],
                name="published_answer_shown",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.question
