"""Numbered blanks, the queue of results to make, and the ledger of what was handed out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from yiwang.apps.certificates.domain.making import BlankState, MakingState, Means
from yiwang.apps.certificates.models.certificate import Certificate
from yiwang.apps.people.public import Hall, Organ


def making_state_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in MakingState]


def blank_state_choices() -> list[tuple[str, str]]:
    return [(state.value, state.label) for state in BlankState]


def means_choices() -> list[tuple[str, str]]:
    return [(means.value, means.label) for means in Means]


class BlankStock(models.Model):
    """The blanks of one kind that one place keeps: `keeper` is `hall:3` or `organ:12`.

    `low_at` is the number of sheets at which the place is warned. `version` and `record_hash` are
    the head of its record; receiving locks this row, printing does not.
    """

    keeper = models.CharField("保管单位", max_length=24)
    keeper_label = models.CharField("保管单位(显示)", max_length=120)
    kind = models.CharField("空白证照种类", max_length=40)
    name = models.CharField("名称", max_length=120)
    low_at = models.PositiveIntegerField("预警张数")
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32, default=b"")

    class Meta:
        verbose_name = "空白证照库存"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["keeper", "kind"], name="blank_stock_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.keeper} {self.kind}"

    @property
    def subject(self) -> str:
        return f"blank_stock:{self.pk}"


class BlankBatch(models.Model):
    """Blanks that arrived together: appended, never edited."""

    stock = models.ForeignKey(
        BlankStock, models.PROTECT, related_name="batches", verbose_name="库存"
    )
    first = models.BigIntegerField("起号")
    last = models.BigIntegerField("止号")
    count = models.PositiveIntegerField("张数")
    received_at = models.DateTimeField("入库时间")
    received_by = models.CharField("入库人", max_length=80)
    received_by_label = models.CharField("入库人(显示)", max_length=80)

    class Meta:
        verbose_name = "空白证照批次"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(first__gte=1, count=models.F("last") - models.F("first") + 1),
                name="blank_batch_counts_its_numbers",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["stock", "-id"], name="blank_batch_of")]

    def __str__(self) -> str:
        return f"{self.first}—{self.last}"


class Making(models.Model):
    """One certificate to print, from the decision to the hand-over. `subject` is its case.

    Its record begins with the first act on it; that it was ordered stands in the case's record.
    """

    subject = models.CharField("来源办件", max_length=80, unique=True)
    short_number = models.CharField("办件简号", max_length=24)
    certificate = models.OneToOneField(
        Certificate, models.PROTECT, related_name="making", verbose_name="证照"
    )
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="颁发机构")
    hall = models.ForeignKey(Hall, models.PROTECT, verbose_name="领取大厅")
    blank_kind = models.CharField("空白证照种类", max_length=40)
    blank_name = models.CharField("空白证照名称", max_length=120)
    holder_label = models.CharField("持证主体(显示)", max_length=120)
    state = models.CharField("状态", max_length=10, choices=making_state_choices)
    queued_at = models.DateTimeField("进入队列时间")
    due_on = models.DateField("送达到期日", null=True)
    sort_due_at = models.DateTimeField("排序到期")
    taken_by = models.CharField("制证人", max_length=80, blank=True)
    taken_by_label = models.CharField("制证人(显示)", max_length=80, blank=True)
    blank = models.ForeignKey(
        "Blank", models.PROTECT, null=True, related_name="+", verbose_name="空白证照"
    )
    shelf = models.CharField("存放位置", max_length=60, blank=True)
    stored_by = models.CharField("入库人", max_length=80, blank=True)
    stored_at = models.DateTimeField("入库时间", null=True)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32, default=b"")

    class Meta:
        verbose_name = "制证任务"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stored_by="", stored_at__isnull=True)
                | ~models.Q(stored_by="") & models.Q(stored_at__isnull=False),
                name="making_stored_pair",
            ),
            # What may be collected lies printed on a numbered blank in the store (R049).
            models.CheckConstraint(
                condition=~models.Q(state__in=["STORED", "ISSUED"])
                | models.Q(stored_at__isnull=False, blank__isnull=False),
                name="making_stored_on_a_blank",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["TAKEN", "PRINTED", "SPOILED"])
                | ~models.Q(taken_by=""),
                name="making_taken_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["hall", "sort_due_at", "id"],
                name="making_hall_queue",
                condition=models.Q(state__in=["WAITING", "TAKEN", "PRINTED", "SPOILED"]),
            ),
            models.Index(
                fields=["hall", "state", "sort_due_at", "id"],
                name="making_hall_state",
                condition=models.Q(state__in=["WAITING", "TAKEN", "PRINTED", "SPOILED"]),
            ),
            models.Index(
                fields=["organ", "state", "sort_due_at", "id"],
                name="making_organ_state",
                condition=models.Q(state__in=["WAITING", "TAKEN", "PRINTED", "SPOILED"]),
            ),
            models.Index(
                fields=["organ", "sort_due_at", "id"],
                name="making_organ_queue",
                condition=models.Q(state__in=["WAITING", "TAKEN", "PRINTED", "SPOILED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.short_number} {self.state}"

    @property
    def record_subject(self) -> str:
        """Its name in the record."""
        return f"making:{self.pk}"

    @property
    def state_label(self) -> str:
        return MakingState(self.state).label


class Blank(models.Model):
    """One numbered sheet. A row a number, unique within its kind, is what keeps two batches from
    overlapping: no range type, no extension."""

    stock = models.ForeignKey(
        BlankStock, models.PROTECT, related_name="blanks", verbose_name="库存"
    )
    batch = models.ForeignKey(
        BlankBatch, models.PROTECT, related_name="blanks", verbose_name="批次"
    )
    kind = models.CharField("空白证照种类", max_length=40)
    number = models.BigIntegerField("号码")
    state = models.CharField("状态", max_length=10, choices=blank_state_choices)
    making = models.ForeignKey(
        Making, models.PROTECT, null=True, related_name="blanks", verbose_name="制证任务"
    )

    class Meta:
        verbose_name = "空白证照"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="blank_number_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(state="IN_STOCK", making__isnull=True)
                | models.Q(state="WASTED")
                | models.Q(state__in=["PRINTED", "ISSUED"], making__isnull=False),
                name="blank_printed_for_something",
            ),
            models.UniqueConstraint(
                fields=["making"],
                name="blank_one_good_per_making",
                condition=models.Q(state__in=["PRINTED", "ISSUED"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stock", "state", "number"], name="blank_next"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def state_label(self) -> str:
        return BlankState(self.state).label


class BlankWaste(models.Model):
    """A blank that will not be used: why, who said so, and who else saw it destroyed."""

    blank = models.OneToOneField(
        Blank, models.PROTECT, related_name="waste", verbose_name="空白证照"
    )
    stock = models.ForeignKey(BlankStock, models.PROTECT, verbose_name="库存")
    making = models.ForeignKey(Making, models.PROTECT, null=True, verbose_name="制证任务")
    reason = models.CharField("作废原因", max_length=400)
    by = models.CharField("登记人", max_length=80)
    by_label = models.CharField("登记人(显示)", max_length=80)
    at = models.DateTimeField("登记时间")
    confirmed_by = models.CharField("监销人", max_length=80, blank=True)
    confirmed_by_label = models.CharField("监销人(显示)", max_length=80, blank=True)
    confirmed_at = models.DateTimeField("销毁时间", null=True)

    class Meta:
        verbose_name = "作废登记"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            # Nobody destroys alone, whatever the code above it does.
            models.CheckConstraint(
                condition=models.Q(confirmed_by="", confirmed_at__isnull=True)
                | ~models.Q(confirmed_by="")
                & models.Q(confirmed_at__isnull=False)
                & ~models.Q(confirmed_by=models.F("by")),
                name="blank_waste_two_people",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["stock", "-id"], name="blank_waste_of")]

    def __str__(self) -> str:
        return f"{self.blank_id} {self.reason}"


class IssueEntry(models.Model):
    """One line of the ledger (发证台账): appended with the hand-over itself, never edited."""

    making = models.OneToOneField(
        Making, models.PROTECT, related_name="issue", verbose_name="制证任务"
    )
    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="颁发机构")
    hall = models.ForeignKey(Hall, models.PROTECT, verbose_name="发证大厅")
    short_number = models.CharField("办件简号", max_length=24)
    certificate_name = models.CharField("证照名称", max_length=120)
    certificate_number = models.CharField("证照编号", max_length=80)
    blank_kind = models.CharField("空白证照种类", max_length=40)
    blank_number = models.BigIntegerField("空白证照号码")
    holder_label = models.CharField("持证主体(显示)", max_length=120)
    means = models.CharField("领取方式", max_length=10, choices=means_choices)
    collector_label = models.CharField("领取人(显示)", max_length=120)
    reference = models.CharField("签收凭据", max_length=120, blank=True)
    by = models.CharField("发证人", max_length=80)
    by_label = models.CharField("发证人(显示)", max_length=80)
    at = models.DateTimeField("发证时间")

    class Meta:
        verbose_name = "发证台账"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [
            models.Index(fields=["hall", "-id"], name="issue_entry_hall"),
            models.Index(fields=["organ", "-id"], name="issue_entry_organ"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_number} {self.blank_number}"

    @property
    def means_label(self) -> str:
        return Means(self.means).label
