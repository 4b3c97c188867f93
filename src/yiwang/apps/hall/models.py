"""Zones, their rosters, priority classes and appointments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yiwang.apps.cases.public import GreenChannel, HelpKind
from yiwang.apps.hall.domain.slots import Hours
from yiwang.apps.hall.domain.states import OPEN, TAKING_A_PLACE, AppointmentState
from yiwang.apps.hall.domain.turns import ORDINARY_RANK
from yiwang.apps.hall.domain.vocabulary import BookedVia, RosterHalf, ZoneAudience
from yiwang.apps.people.public import Account, Area, Hall, Party
from yiwang.foundation.secrets.fields import EncryptedField
from yiwang.kernel.parameters import Mark


def audience_choices() -> list[tuple[str, str]]:
    return [(a.value, a.label) for a in ZoneAudience]


def half_choices() -> list[tuple[str, str]]:
    return [(h.value, h.label) for h in RosterHalf]


def state_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in AppointmentState]


def via_choices() -> list[tuple[str, str]]:
    return [(v.value, v.label) for v in BookedVia]


def mark_choices() -> list[tuple[str, str]]:
    return [(m.value, m.label) for m in Mark]


def channel_choices() -> list[tuple[str, str]]:
    return GreenChannel.choices


class PriorityClass(models.Model):
    """Who is served first, and why: its grounds are codes of 绿色通道 as cases have them, so that
    a window and a zone speak of the same. Rank 1 comes first; `source` is what it rests on."""

    code = models.SlugField("代码", max_length=40, primary_key=True)
    name = models.CharField("名称", max_length=60)
    rank = models.PositiveSmallIntegerField("先后")
    channels = models.JSONField("绿色通道", default=list)
    source = models.CharField("依据", max_length=200)
    mark = models.CharField("依据的把握", max_length=1, choices=mark_choices)
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField("版本", default=0)

    class Meta:
        verbose_name = "优先类别"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lt=ORDINARY_RANK), name="priority_before_ordinary"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def channel_labels(self) -> list[str]:
        return [GreenChannel(code).label for code in self.channels]

    @property
    def mark_label(self) -> str:
        return Mark(self.mark).label


class HelpZone(models.Model):
    """帮办专区: where in a hall people are helped by appointment, when, how many each half hour.

    `hours`: [weekday, first minute, last minute] rows; `classes`: codes of priority classes that
    count here; `area`: the park it is for (None: any park), only with PARK_ORGANISATIONS.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, verbose_name="大厅")
    name = models.CharField("名称", max_length=60)
    place = models.CharField("位置", max_length=80, blank=True)
    kinds = models.JSONField("帮办种类", default=list)
    audience = models.CharField("面向", max_length=20, choices=audience_choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, verbose_name="园区")
    classes = models.JSONField("优先类别", default=list)
    hours = models.JSONField("开放时间", default=list)
    places = models.PositiveSmallIntegerField("每半小时人数")
    is_open_on_rest_days = models.BooleanField("休息日也开放", default=False)
    valid_until = models.DateField("关闭日期", null=True)
    version = models.PositiveIntegerField("版本", default=0)

    class Meta:
        verbose_name = "帮办专区"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "name"], name="zone_name"),
            models.CheckConstraint(condition=Q(places__gte=1), name="zone_has_places"),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(audience="PARK_ORGANISATIONS"),
                name="zone_area_only_for_parks",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"help_zone:{self.pk}"

    @property
    def audience_label(self) -> str:
        return ZoneAudience(self.audience).label

    @property
    def kind_labels(self) -> list[str]:
        return [HelpKind(code).label for code in self.kinds]

    @property
    def weekly(self) -> Hours:
        """Weekday → its spans in order."""
        found: Hours = {}
        for weekday, first, last in self.hours:
            found.setdefault(weekday, []).append((first, last))
        return found


class RosterShift(models.Model):
    """Somebody of the hall staffs a zone for half a day. While they are away (离岗) the deputies
    (B角) of their posts stand in, as everywhere."""

    zone = models.ForeignKey(
        HelpZone, models.PROTECT, related_name="shifts", verbose_name="帮办专区"
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="值守人")
    on = models.DateField("日期", db_column="held_on")
    half = models.CharField("半天", max_length=10, choices=half_choices)

    class Meta:
        verbose_name = "专区值守"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone", "on", "half", "account"], name="shift_once"),
            # Nobody is at two places at once.
            models.UniqueConstraint(fields=["account", "on", "half"], name="shift_one_zone"),
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.on} {self.half}"


class Appointment(models.Model):
    """One person's half hour in a zone, what they claim, and what came of it.

    `party` is who is helped, `visitor` who comes (the representative of an organisation). `number`
    is the place taken of the half hour: unique, so that no place is given twice. `channel`,
    `ground`, `evidence`: the priority claimed; `rank` is what the calling goes by. `wanted` None:
    its keeping period is over.
    """

    zone = models.ForeignKey(HelpZone, models.PROTECT, verbose_name="帮办专区")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="帮办对象")
    party_label = models.CharField("帮办对象(显示)", max_length=120)
    visitor = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="+", verbose_name="来办的人"
    )
    via = models.CharField("预约渠道", max_length=10, choices=via_choices)
    booked_by = models.CharField("预约操作人", max_length=80)
    booked_at = models.DateTimeField("预约时间")
    item_code = models.CharField("事项标识", max_length=60, blank=True)
    item_name = models.CharField("事项名称", max_length=200)
    wanted = EncryptedField("需要的帮助", null=True)
    on = models.DateField("日期", db_column="held_on")
    starts_at = models.DateTimeField("预约时段")
    number = models.PositiveSmallIntegerField("时段内序号")
    offered_at = models.DateTimeField("建议改到", null=True)
    state = models.CharField("状态", max_length=10, choices=state_choices)
    channel = models.CharField("绿色通道", max_length=10, choices=channel_choices, blank=True)
    class_code = models.CharField("优先类别", max_length=40, blank=True)
    class_name = models.CharField("优先类别名称", max_length=60, blank=True)
    rank = models.PositiveSmallIntegerField("先后", default=ORDINARY_RANK)
    ground = models.CharField("优先理由", max_length=200, blank=True)
    evidence = models.CharField("优先凭据", max_length=200, blank=True)
    is_without_ground = models.BooleanField("没有凭据", default=False)
    ground_reason = models.CharField("没有凭据仍优先的原因", max_length=200, blank=True)
    is_out_of_turn = models.BooleanField("没有按先后叫号", default=False)
    turn_reason = models.CharField("没有按先后叫号的原因", max_length=200, blank=True)
    let_in_by = models.CharField("放行人", max_length=80, blank=True)
    let_in_by_label = models.CharField("放行人(显示)", max_length=80, blank=True)
    checked_in_at = models.DateTimeField("签到时间", null=True)
    called_at = models.DateTimeField("叫号时间", null=True)
    begun_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    helper = models.CharField("帮办人", max_length=80, blank=True)
    helper_label = models.CharField("帮办人(显示)", max_length=80, blank=True)
    help_record_id = models.BigIntegerField("帮办记录", null=True)
    version = models.PositiveIntegerField("版本", default=0)
    record_hash = models.BinaryField("记录头", max_length=32, default=b"")

    class Meta:
        verbose_name = "帮办预约"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["zone", "starts_at", "number"],
                name="appointment_place",
                condition=Q(state__in=TAKING_A_PLACE),
            ),
            models.UniqueConstraint(
                fields=["zone", "party"],
                name="appointment_one_open",
                condition=Q(state__in=OPEN),
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="appointment_number"),
            models.CheckConstraint(
                condition=Q(state="DONE", ended_at__isnull=False, help_record_id__isnull=False)
                | ~Q(state="DONE") & Q(ended_at__isnull=True, help_record_id__isnull=True),
                name="appointment_done_has_record",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at__isnull=True, let_in_by="")
                | Q(checked_in_at__isnull=False) & ~Q(let_in_by=""),
                name="appointment_let_in_pair",
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True, helper="")
                | Q(begun_at__isnull=False) & ~Q(helper=""),
                name="appointment_helper_pair",
            ),
            models.CheckConstraint(
                condition=Q(is_without_ground=False) | ~Q(ground_reason=""),
                name="appointment_ground_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_out_of_turn=False) | ~Q(turn_reason=""),
                name="appointment_turn_reason",
            ),
            # Whoever was let in with priority showed something, or it is marked that they did not.
            models.CheckConstraint(
                condition=Q(class_code="")
                | Q(checked_in_at__isnull=True)
                | Q(is_without_ground=True)
                | ~Q(ground="") & ~Q(evidence=""),
                name="appointment_priority_shown",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["zone", "on", "starts_at", "id"], name="appointment_day"),
            models.Index(fields=["party", "-starts_at", "-id"], name="appointment_own"),
            models.Index(
                fields=["zone", "-on", "-id"],
                name="appointment_green",
                condition=Q(called_at__isnull=False) & (~Q(class_code="") | Q(is_out_of_turn=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.starts_at}"

    @property
    def subject(self) -> str:
        return f"appointment:{self.pk}"

    @property
    def state_label(self) -> str:
        return AppointmentState(self.state).label

    @property
    def channel_label(self) -> str:
        return GreenChannel(self.channel).label if self.channel else ""

    @property
    def is_marked(self) -> bool:
        return self.is_without_ground or self.is_out_of_turn

    @property
    def waited(self) -> int | None:
        """Whole minutes from checking in to being called."""
        if self.called_at is None or self.checked_in_at is None:
            return None
        return max(0, int((self.called_at - self.checked_in_at).total_seconds() // 60))
