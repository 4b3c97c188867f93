"""A case and what belongs to it: columns, constraints, indexes for the real lists."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.models.green import FIRST, ORDINARY, green_channel_choices
from yiwang.apps.catalog.public import ItemVersion, ServiceItem
from yiwang.apps.people.public import Hall, Organ, Party, Window
from yiwang.foundation.secrets.fields import EncryptedField
from yiwang.kernel.clock import ClockEvent, ClockEventKind, Limit
from yiwang.kernel.moment import BEIJING

# Where a list is ordered by a due instant and there is none (a pause is open, nothing runs), the
# row sorts last; it is never shown.
NEVER = datetime(9999, 12, 31, tzinfo=BEIJING)


def case_state_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in CaseState]


class CaseChannel(models.TextChoices):
    """申请方式; GB/T 39046-2020 A.5 codes are mapped at the edge."""

    WINDOW = "WINDOW", "窗口"
    ONLINE = "ONLINE", "网上"


def channel_choices() -> list[tuple[str, str]]:
    return CaseChannel.choices


class Case(models.Model):
    """One application for one item by one applicant, and where it stands.

    `version` is the seq of its last record entry and `record_hash` that entry's hash: an act
    compares and swaps both. The due columns are projections of the clock events, rebuilt by a
    test from the events.
    """

    number = models.CharField("办件编号", max_length=50, unique=True)
    short_number = models.CharField("办件简号", max_length=24, unique=True)
    state = models.CharField("状态", max_length=16, choices=case_state_choices)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32)
    item = models.ForeignKey(ServiceItem, models.PROTECT, verbose_name="事项")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, verbose_name="事项版本")
    item_code = models.CharField("事项标识", max_length=60)
    item_name = models.CharField("事项名称", max_length=200)
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="实施主体")
    hall = models.ForeignKey(Hall, models.PROTECT, verbose_name="收件大厅")
    # Where another hall took it in for `hall` (代收); who may look there is asked of this column.
    taken_in_hall = models.ForeignKey(
        Hall, models.PROTECT, related_name="+", null=True, db_index=False, verbose_name="代收大厅"
    )
    applicant = models.ForeignKey(
        Party, models.PROTECT, related_name="cases", verbose_name="申请人"
    )
    applicant_label = models.CharField("申请人(显示)", max_length=120)
    is_organisation = models.BooleanField("申请人是单位", default=False)
    filed_by = models.ForeignKey(
        Party, models.PROTECT, related_name="filed_cases", null=True, verbose_name="经办人"
    )
    filed_under = models.BigIntegerField("窗口代办所依据的授权委托", null=True)
    channel = models.CharField("申请方式", max_length=10, choices=channel_choices)
    entrance = models.CharField("来源入口标识", max_length=40, blank=True)
    entrance_label = models.CharField("来源入口", max_length=80, blank=True)
    is_helped = models.BooleanField("帮办代办", default=False)
    helped = models.CharField("帮办说明", max_length=200, blank=True)
    green_channel = models.CharField(
        "绿色通道", max_length=10, choices=green_channel_choices, blank=True
    )
    green_reason = models.CharField("优先理由", max_length=200, blank=True)
    lane = models.PositiveSmallIntegerField("次序", default=ORDINARY)
    salt = models.BinaryField("摘要盐", max_length=16)
    filing_key = models.UUIDField("申报键", unique=True)
    received_at = models.DateTimeField("收件时间")
    accepted_at = models.DateTimeField("受理时间", null=True)
    accepted_window = models.ForeignKey(
        Window, models.PROTECT, related_name="+", null=True, db_index=False, verbose_name="受理窗口"
    )
    is_deemed_accepted = models.BooleanField("视为受理", default=False)
    decided_at = models.DateTimeField("决定时间", null=True)
    ended_at = models.DateTimeField("终结时间", null=True)
    corrections_asked = models.PositiveSmallIntegerField("告知补正次数", default=0)
    correction_until = models.DateField("补正期限", null=True)
    is_referred = models.BooleanField("已提请认定", default=False)
    wants_originals = models.BooleanField("请申请人带原件核验", default=False)
    commitment = models.CharField("告知承诺", max_length=40, blank=True)
    deferral_until = models.DateField("容缺补交期限", null=True)
    receipt_due_on = models.DateField("收件告知到期日", null=True)
    promised_due_on = models.DateField("承诺到期日", null=True)
    statutory_due_on = models.DateField("法定到期日", null=True)
    delivery_due_on = models.DateField("送达到期日", null=True)
    sort_due_at = models.DateTimeField("排序到期", default=NEVER)
    calendar_version = models.CharField("日历版本", max_length=20, blank=True)
    instant_verdict = models.JSONField("自动核验结果", null=True)

    class Meta:
        verbose_name = "办件"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(state="DRAFT"), name="case_is_no_draft"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["REVIEW", "GRANTED", "REFUSED", "COMPLETED"])
                | models.Q(accepted_at__isnull=False),
                name="case_accepted_before_review",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["GRANTED", "REFUSED", "COMPLETED"])
                | models.Q(decided_at__isnull=False),
                name="case_decided_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["applicant", "-id"], name="case_applicant"),
            models.Index(
                fields=["filed_by", "-id"],
                name="case_filed_by",
                condition=models.Q(filed_by__isnull=False),
            ),
            models.Index(
                fields=["hall", "lane", "sort_due_at", "id"],
                name="case_hall_received",
                condition=models.Q(state="RECEIVED"),
            ),
            models.Index(
                fields=["hall", "sort_due_at", "id"],
                name="case_hall_to_deliver",
                condition=models.Q(state__in=["GRANTED", "REFUSED"]),
            ),
            models.Index(
                fields=["organ", "sort_due_at", "id"],
                name="case_organ_running",
                condition=models.Q(state__in=["RECEIVED", "REVIEW", "GRANTED", "REFUSED"]),
            ),
            # What a filter of all an organ's cases walks without touching the rows themselves.
            models.Index(
                fields=["organ", "-id"],
                include=["channel", "is_organisation"],
                name="case_organ_newest",
            ),
            models.Index(fields=["organ", "state", "-id"], name="case_organ_state"),
            models.Index(fields=["organ", "item_code", "-id"], name="case_organ_item"),
            models.Index(fields=["organ", "-received_at", "-id"], name="case_organ_received"),
            models.Index(
                fields=["organ", "-id"], name="case_organ_green", condition=models.Q(lane=FIRST)
            ),
            # The share of a period that a comprehensive window accepted, from the index alone.
            models.Index(
                fields=["hall", "accepted_at", "id"],
                include=["accepted_window", "organ", "state"],
                name="case_hall_accepted",
                condition=models.Q(accepted_at__isnull=False),
            ),
            models.Index(
                fields=["ended_at"],
                name="case_ended",
                condition=models.Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.short_number

    @property
    def subject(self) -> str:
        """The case's name in the record, outbox, timers and files."""
        return f"case:{self.pk}"

    @property
    def state_label(self) -> str:
        return CaseState(self.state).label


class CaseContent(models.Model):
    """The answers as they were given: a new row for every change, never edited. `form` None: its
    keeping period is over and it was erased; the digest stays, so the record still verifies."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contents", verbose_name="办件")
    revision = models.PositiveIntegerField("修订号")
    form = EncryptedField("表单", null=True)
    digest = models.CharField("摘要", max_length=64)
    written_by = models.CharField("填写人", max_length=80)
    written_at = models.DateTimeField("填写时间")

    class Meta:
        verbose_name = "办件表单"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "revision"], name="case_content_revision")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} 修订 {self.revision}"


class ClockRow(models.Model):
    """One clock event of one case: appended, never edited."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clock_rows", verbose_name="办件")
    clock = models.CharField("时钟", max_length=20)
    kind = models.CharField("事件", max_length=10)
    at = models.DateTimeField("时间")
    pause = models.CharField("停止编号", max_length=40, blank=True)
    ground = models.CharField("事由", max_length=120, blank=True)
    article = models.CharField("依据", max_length=120, blank=True)
    document = models.CharField("文书", max_length=40, blank=True)
    approver = models.CharField("批准人", max_length=80, blank=True)
    expected = models.CharField("预计时间", max_length=10, blank=True)
    number = models.PositiveSmallIntegerField("天数", default=0)
    due_on = models.DateField("日期", null=True)
    stops_statutory = models.BooleanField("停止法定时限", default=True)

    class Meta:
        verbose_name = "计时事件"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="clock_row_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.kind}"

    def to_event(self) -> ClockEvent:
        """The kernel's event."""
        return ClockEvent(
            kind=ClockEventKind(self.kind),
            at=self.at,
            pause=self.pause,
            ground=self.ground,
            article=self.article,
            document=self.document,
            approver=self.approver,
            expected=Limit.parse(self.expected) if self.expected else None,
            number=self.number,
            due_on=self.due_on,
            stops_statutory=self.stops_statutory,
        )


class StepState(models.TextChoices):
    OPEN = "OPEN", "待办"
    DONE = "DONE", "已办"
    CANCELLED = "CANCELLED", "已取消"


def step_state_choices() -> list[tuple[str, str]]:
    return StepState.choices


class ReviewStep(models.Model):
    """One step of a case's route, waiting in the queue of a job at an organ.

    A step that was sent back is a new row with the next `round`; the earlier one stays as it was.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps", verbose_name="办件")
    code = models.CharField("环节", max_length=40)
    round = models.PositiveSmallIntegerField("第几次", default=1)
    name = models.CharField("名称", max_length=80)
    job = models.CharField("岗位工作", max_length=20)
    queue = models.CharField("队列", max_length=40)
    state = models.CharField("状态", max_length=10, choices=step_state_choices)
    limit = models.CharField("环节时限", max_length=10)
    people = models.PositiveSmallIntegerField("人数", default=1)
    opened_at = models.DateTimeField("开始时间")
    due_on = models.DateField("环节到期日", null=True)
    sort_due_at = models.DateTimeField("排序到期", default=NEVER)
    done_at = models.DateTimeField("完成时间", null=True)
    done_by = models.CharField("办理人", max_length=80, blank=True)
    done_by_label = models.CharField("办理人(显示)", max_length=80, blank=True)
    second_person = models.CharField("第二名工作人员", max_length=80, blank=True)
    second_ref = models.CharField("第二名工作人员账号", max_length=80, blank=True)
    assignee = models.CharField("转交给", max_length=80, blank=True)
    assignee_label = models.CharField("转交给(显示)", max_length=80, blank=True)
    note = models.CharField("退回或转交说明", max_length=400, blank=True)
    conclusion = models.CharField("结论", max_length=10, blank=True)
    opinion = models.TextField("意见", blank=True)

    class Meta:
        verbose_name = "审查环节"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "code", "round"], name="review_step_round"),
            models.CheckConstraint(
                condition=models.Q(state="DONE", done_at__isnull=False) & ~models.Q(done_by="")
                | ~models.Q(state="DONE") & models.Q(done_at__isnull=True, done_by=""),
                name="review_step_done_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queue", "sort_due_at", "id"],
                name="review_step_queue",
                condition=models.Q(state="OPEN"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"


class CaseDecision(models.Model):
    """The decision on a case: one, with its reasons."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="decision", verbose_name="办件")
    outcome = models.CharField("结果", max_length=16)
    word = models.CharField("结果用语", max_length=40)
    facts = models.TextField("事实", blank=True)
    articles = models.JSONField("依据", default=list)
    reason = models.TextField("理由", blank=True)
    decided_by = models.CharField("决定人", max_length=80)
    decided_at = models.DateTimeField("决定时间")
    document_id = models.UUIDField("决定文书")

    class Meta:
        verbose_name = "办件决定"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.case_id} {self.word}"
