"""The clock strip: one box for each day of a legal limit, so that anyone can count it by hand.

The builder of a strip (whoever knows the calendar and the clock's events) decides what each day
is; this module only refuses a strip that could not be counted and arranges the days by week.
It reads no clock: which day is today arrives as ``Box.is_today``.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from itertools import groupby

from yiwang.foundation.shell.dates import cn_date, cn_day, weekday

LONG_FROM = 57
"""Days from which boxes are drawn smaller (more than eight weeks)."""
MOST_PIPS = 20
LABEL_FITS_FROM = 4
"""Weekday up to which a week's label, begun over its first box, still ends within the week."""


class Mark(Enum):
    """What one day is to the limit: (code, name, sign drawn where there is no ordinal)."""

    START = ("start", "起算事件日", "起")
    COUNTED = ("counted", "计入", "计")
    REST = ("rest", "休息日", "休")
    HOLIDAY = ("holiday", "法定节假日", "假")
    MAKE_UP = ("makeup", "调休上班日(计入)", "班")
    PAUSED = ("paused", "停止计时", "停")
    DUE = ("due", "到期日", "到")
    OVERDUE = ("overdue", "超期日", "超")

    def __init__(self, code: str, label: str, sign: str) -> None:
        self.code = code
        self.label = label
        self.sign = sign


COUNTING = frozenset({Mark.COUNTED, Mark.MAKE_UP, Mark.DUE})


class Tone(StrEnum):
    """How the limit stands; the value is also the CSS class suffix."""

    CALM = "calm"
    WARNING = "warning"
    OVERDUE = "overdue"
    PAUSED = "paused"
    DONE = "done"

    @property
    def icon(self) -> str:
        """Return the shape which tells the tone without colour."""
        return _TONES[self][0]

    @property
    def word(self) -> str:
        """Return the tone in words."""
        return _TONES[self][1]


_TONES = {
    Tone.CALM: ("clock", "正在计时"),
    Tone.WARNING: ("warning", "临近到期"),
    Tone.OVERDUE: ("danger", "已经超期"),
    Tone.PAUSED: ("pause", "停止计时"),
    Tone.DONE: ("success", "计时结束"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One day.

    ``ordinal`` numbers the counted days from 1 (``COUNTED``, ``MAKE_UP``, ``DUE``), and the days
    over the limit from 1 again (``OVERDUE``); no other day has one. ``title`` says why, with the
    article (for ``PAUSED`` with the kind: 专家评审); ``document`` names the paper that did it.
    """

    on: date
    mark: Mark
    ordinal: int | None = None
    title: str = ""
    is_today: bool = False
    is_future: bool = False
    document: str = ""
    document_url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A box as drawn: with the ends that fall on it and the sentence that explains it."""

    box: Box
    ends: tuple[str, ...]
    unit: str

    @property
    def sign(self) -> str:
        """Return the large text of the box: the ordinal, or one character."""
        if self.box.mark is Mark.OVERDUE and self.box.ordinal is not None:
            return f"超{self.box.ordinal}"
        return self.box.mark.sign if self.box.ordinal is None else str(self.box.ordinal)

    @property
    def flag(self) -> str:
        """Return the short word under the sign: which end it is, or 补班."""
        if len(self.ends) == 1:
            return self.ends[0][:2]
        if self.ends or self.box.mark is Mark.DUE:
            return "到期"
        return "补班" if self.box.mark is Mark.MAKE_UP else ""

    @property
    def day(self) -> str:
        """Return the day of the month and the weekday: ``21 六``; today ``21 今``."""
        return f"{self.box.on.day} {'今' if self.box.is_today else weekday(self.box.on)}"

    @property
    def count(self) -> str:
        """Return how the day counts, in words: ``第 3 个工作日``, ``超期第 1 个工作日``, 不计入."""
        if self.box.ordinal is None:
            return "计入" if self.box.mark in COUNTING else "不计入"
        lead = "超期第" if self.box.mark is Mark.OVERDUE else "第"
        return f"{lead} {self.box.ordinal} {self.unit}"

    @property
    def word(self) -> str:
        """Return what the day is, with today and the ends: ``今天、到期日、承诺到期日``."""
        today = ("今天",) if self.box.is_today else ()
        if self.ends and self.box.mark is Mark.DUE:
            return "、".join((*today, *self.ends))
        return "、".join((*today, self.box.mark.label, *self.ends))

    @property
    def css(self) -> str:
        """Return the classes of the box."""
        names = ["day", f"day-{self.box.mark.code}", f"col-{self.box.on.isoweekday()}"]
        names += ["is-today"] if self.box.is_today else []
        names += ["is-future"] if self.box.is_future else []
        names += ["is-end"] if self.ends else []
        return " ".join(names)

    @property
    def sentence(self) -> str:
        """Return the whole explanation of the day, as read aloud."""
        parts = [f"{cn_date(self.box.on)}:{self.word}", self.count, self.box.title]
        return "。".join(part.rstrip("。") for part in parts if part) + "。"


@dataclass(frozen=True, slots=True)
class Week:
    """The days of one week, Monday first; the first and the last week may be shorter."""

    label: str
    cells: tuple[Cell, ...]

    @property
    def css(self) -> str:
        """Return where the label stands: over the first box, or before the end of the last."""
        first, last = (self.cells[place].box.on.isoweekday() for place in (0, -1))
        return f"from-{first}" if first <= LABEL_FITS_FROM else f"to-{last}"


@dataclass(frozen=True, slots=True)
class Strip:
    """A limit from its start event to its last end.

    ``headline`` is what matters now, as 剩 3 个工作日, 超期 1 个工作日 or 已停止计时:专家评审.
    ``promised_due`` and ``statutory_due`` are both marked when their day has a box.
    ``provisional`` says that a year in it has no announced holidays yet.

    Raises ValueError when the days have a gap, when two are today, or when the counted (or the
    overdue) days are not numbered 1, 2, 3 …: such a strip could not be counted by hand.
    """

    headline: str
    tone: Tone
    boxes: tuple[Box, ...]
    promised_due: date | None = None
    statutory_due: date | None = None
    note: str = ""
    provisional: bool = False
    started_on: date | None = None
    unit: str = "个工作日"
    article: str = ""

    def __post_init__(self) -> None:
        for before, after in zip(self.boxes, self.boxes[1:], strict=False):
            if after.on - before.on != timedelta(days=1):
                raise ValueError(f"the strip has a gap between {before.on} and {after.on}")
        if sum(box.is_today for box in self.boxes) > 1:
            raise ValueError("the strip has more than one today")
        _check_ordinals(box for box in self.boxes if box.mark in COUNTING)
        _check_ordinals(box for box in self.boxes if box.mark is Mark.OVERDUE)
        for box in self.boxes:
            if box.ordinal is not None and box.mark not in COUNTING | {Mark.OVERDUE}:
                raise ValueError(f"{box.on} is {box.mark.name} and cannot be numbered")

    @property
    def headline_parts(self) -> tuple[str, str, str]:
        """Return the headline as (before, figure, after); the figure may be empty."""
        found = re.match(r"^(\D*)(\d+)(.*)$", self.headline)
        return (found[1], found[2], found[3]) if found else (self.headline, "", "")

    @property
    def is_long(self) -> bool:
        """Return whether the boxes must be drawn small."""
        return len(self.boxes) >= LONG_FROM

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return every day in order, as drawn."""
        return tuple(Cell(box, self._ends(box.on), self.unit) for box in self.boxes)

    @property
    def weeks(self) -> tuple[Week, ...]:
        """Return the days arranged in weeks that begin on Monday."""
        weeks = groupby(self.cells, key=lambda cell: cell.box.on.isocalendar()[:2])
        return tuple(_week(tuple(cells)) for _, cells in weeks)

    @property
    def legend(self) -> tuple[tuple[Mark, int], ...]:
        """Return the marks that occur, each with its number of days, in the order of Mark."""
        found = Counter(box.mark for box in self.boxes)
        return tuple((mark, found[mark]) for mark in Mark if found[mark])

    @property
    def tally(self) -> str:
        """Return the count as a sentence made from the boxes alone, to check the headline by."""
        counting = [box for box in self.boxes if box.mark in COUNTING]
        # Only numbered days are counted: a weekend after the due day is no working day over.
        over = sum(
            box.mark is Mark.OVERDUE and box.ordinal is not None and not box.is_future
            for box in self.boxes
        )
        parts = [f"已计入 {sum(not box.is_future for box in counting)} {self.unit}"]
        for due, word in ((self.promised_due, "承诺到期日"), (self.statutory_due, "法定到期日")):
            if due and any(box.on == due and box.is_future for box in self.boxes):
                left = sum(box.is_future and box.on <= due for box in counting)
                parts.append(f"到{word}还有 {left} {self.unit}")
        parts += [f"到期以后又过了 {over} {self.unit}"] if over else []
        return ",".join(parts) + "。"

    @property
    def has_future(self) -> bool:
        """Return whether hollow boxes need explaining."""
        return any(box.is_future and box.mark in COUNTING for box in self.boxes)

    @property
    def focus_on(self) -> date | None:
        """Return the day that takes the keyboard first: today, else the first."""
        if not self.boxes:
            return None
        return next((box.on for box in self.boxes if box.is_today), self.boxes[0].on)

    @property
    def next_end(self) -> date | None:
        """Return the end that a list shows: the promised one, else the statutory one."""
        return self.promised_due or self.statutory_due

    @property
    def pips(self) -> tuple[str, ...]:
        """Return at most twenty marks of the small bar: done, left, due, over or paused."""
        pips: list[str] = []
        for box in self.boxes:
            pip = _pip(box)
            if pip and not (pip == "paused" and pips and pips[-1] == "paused"):
                pips.append(pip)
        size = -(-len(pips) // MOST_PIPS) or 1
        return tuple(_merge(pips[at : at + size]) for at in range(0, len(pips), size))

    def _ends(self, on: date) -> tuple[str, ...]:
        pairs = ((self.promised_due, "承诺到期日"), (self.statutory_due, "法定到期日"))
        return tuple(word for due, word in pairs if due == on)


def _check_ordinals(boxes: Iterable[Box]) -> None:
    numbers = [box.ordinal for box in boxes if box.ordinal is not None]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"the days are not numbered one by one: {numbers}")


def _week(cells: tuple[Cell, ...]) -> Week:
    first, last = cells[0].box.on, cells[-1].box.on
    if first == last:
        return Week(cn_day(first), cells)
    end = f"{last.day}日" if first.month == last.month else cn_day(last)
    return Week(f"{cn_day(first)}至{end}", cells)


def _pip(box: Box) -> str:
    if box.mark is Mark.OVERDUE:
        return "over" if box.ordinal is not None else ""
    if box.mark is Mark.PAUSED:
        return "paused"
    if box.mark is Mark.DUE:
        return "due" if box.is_future or box.is_today else "due-done"
    if box.mark in COUNTING:
        return "left" if box.is_future else "done"
    return ""


def _merge(pips: list[str]) -> str:
    strongest = ("over", "due", "due-done")
    return next((name for name in strongest if name in pips), pips[0])
