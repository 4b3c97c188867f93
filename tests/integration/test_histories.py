"""Random legal histories through the operations agree with an independent slow reckoning.

The test keeps its own diary of what it did and when; the due days it expects come from the diary
and the naive clock, never from the platform's rows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from tests.acting import actor, received, tick_all
from tests.unit.kernel.slow_clock import due_natural, due_working

from yiwang.apps.cases.checking import check_case_projections
from yiwang.apps.cases.models import Case, ReviewStep
from yiwang.apps.cases.operations import deciding, receiving, reviewing, stopping
from yiwang.apps.catalog.public import Definition, definition_of
from yiwang.foundation.calendars.current import calendar
from yiwang.kernel.clock import Limit, Unit
from yiwang.site.measuring.acting import second_person

pytestmark = pytest.mark.django_db

ITEMS = {
    "food-business-licence": ("lin-xiaoman", "he-window", "zhao-review", "sun-approve"),
    "medical-device-licence": ("zhou-haifeng", "he-window", "zhou-review", "zheng-approve"),
    "planning-permit": ("xu-xiangyang", "he-window", "feng-review", "chu-approve"),
    "construction-permit": ("xu-xiangyang", "he-window", "feng-review", "chu-approve"),
}


@dataclass
class Diary:
    """What happened, in days."""

    received: date
    accepted: date | None = None
    stops: dict[str, list[tuple[date, date | None]]] = field(default_factory=dict)
    local: set[str] = field(default_factory=set)
    extended: int = 0


class History:
    """One random course of one case."""

    def __init__(self, seed: int, at: datetime) -> None:
        self.random = random.Random(seed)
        self.item = self.random.choice(sorted(ITEMS))
        people = [actor(login, at) for login in ITEMS[self.item]]
        self.citizen, self.clerk, self.reviewer, self.approver = people
        self.now = at + timedelta(days=self.random.randint(0, 250), hours=self.random.randint(0, 8))
        self.case = received(self.item, by=self.citizen, at=self.now)
        self.definition: Definition = definition_of(self.case.item_version_id)
        self.diary = Diary(received=self.now.date())
        self.open: dict[str, str] = {}

    def step(self) -> None:
        self.now += timedelta(days=self.random.randint(0, 4), hours=self.random.randint(0, 6))
        state = Case.objects.values_list("state", flat=True).get(pk=self.case.pk)
        acts = {
            "RECEIVED": [self.accept, self.correct],
            "CORRECTION": [self.supply],
            "REVIEW": [self.pause, self.pause, self.resume, self.opine, self.extend],
        }.get(state, [])
        if acts:
            self.random.choice(acts)()
        self.case = Case.objects.get(pk=self.case.pk)

    def accept(self) -> None:
        tick_all(self.case, clerk=self.clerk, at=self.now)
        receiving.accept(case_id=self.case.pk, actor=self.clerk, at=self.now)
        self.diary.accepted = self.now.date()

    def correct(self) -> None:
        if self.case.corrections_asked == 0:
            receiving.request_correction(
                case_id=self.case.pk, items=[("材料", "缺少签章")], actor=self.clerk, at=self.now
            )

    def supply(self) -> None:
        receiving.supply_correction(case_id=self.case.pk, actor=self.citizen, at=self.now)
        self.diary.received = self.now.date()

    def pause(self) -> None:
        free = [g for g in self.definition.pause_grounds if g.code not in self.open]
        if not free:
            return
        ground = self.random.choice(free)
        done = stopping.pause(
            case_id=self.case.pk,
            ground=ground.code,
            expected="60wd",
            reason="需要依法进行",
            actor=self.reviewer,
            at=self.now,
        )
        self.open[ground.code] = f"{ground.code}_{done.version - 1}"
        self.diary.stops.setdefault(ground.code, []).append((self.now.date(), None))
        if not ground.stops_statutory:
            self.diary.local.add(ground.code)

    def resume(self) -> None:
        if not self.open:
            return
        code = self.random.choice(sorted(self.open))
        stopping.resume(
            case_id=self.case.pk, actor=self.reviewer, at=self.now, pause_name=self.open.pop(code)
        )
        begun, _ = self.diary.stops[code].pop()
        self.diary.stops[code].append((begun, self.now.date()))

    def extend(self) -> None:
        if self.definition.extension is not None and not self.diary.extended:
            reviewing.extend(
                case_id=self.case.pk, reason="案情复杂需要延长", actor=self.approver, at=self.now
            )
            self.diary.extended = Limit.parse(self.definition.extension.limit).number

    def opine(self) -> None:
        step = ReviewStep.objects.filter(case=self.case, state="OPEN").exclude(job="decide").first()
        if step is not None:
            reviewing.give_opinion(
                case_id=self.case.pk,
                step=step.code,
                conclusion="AGREE",
                opinion="符合要求",
                second_person=second_person(step, self.reviewer, self.now),
                actor=self.reviewer,
                at=self.now,
            )

    def expected(self, text: str, *, statutory: bool) -> date | None:
        """The due day by the diary."""
        limit = Limit.parse(text)
        stops = [
            span
            for code, spans in self.diary.stops.items()
            for span in spans
            if not (statutory and code in self.diary.local)
        ]
        figure = self.definition.limits.statutory if statutory else self.definition.limits.promised
        assert figure is not None and self.diary.accepted is not None
        from_receipt = figure.start.value in ("RECEIVED", "ALL_DOCUMENTS_RECEIVED")
        start = self.diary.received if from_receipt else self.diary.accepted
        number = limit.number + self._extension(limit)
        reckon = due_working if limit.unit is Unit.WORKING_DAY else due_natural
        return reckon(start, number, calendar().is_working, stops)

    def _extension(self, limit: Limit) -> int:
        statutory = self.definition.limits.statutory
        same = statutory is None or Limit.parse(statutory.limit).unit is limit.unit
        return self.diary.extended if same else 0


@pytest.mark.parametrize("seed", range(24))
def test_a_random_history_has_the_due_days_of_its_diary(seed: int, at: datetime) -> None:
    history = History(seed, at)
    for _ in range(14):
        history.step()
        if history.diary.accepted is not None:
            limits = history.definition.limits
            assert history.case.promised_due_on == history.expected(
                limits.promised.limit, statutory=False
            )
            if limits.statutory is not None:
                assert history.case.statutory_due_on == history.expected(
                    limits.statutory.limit, statutory=True
                )
    findings: list[tuple[str, str, str]] = []
    check_case_projections(findings)
    assert findings == []


@pytest.mark.parametrize("seed", [3])
def test_a_history_ends_in_a_decision(seed: int, at: datetime) -> None:
    history = History(seed, at)
    history.accept()
    for _ in range(8):
        history.opine()
    done = deciding.grant(case_id=history.case.pk, actor=history.approver, at=history.now)
    assert done.state == "GRANTED"
