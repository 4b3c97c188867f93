"""Sample strips for the gallery and the tests: fixed days of autumn 2026, no clock is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from yiwang.foundation.shell.strip import Box, Mark, Strip, Tone

NATIONAL_DAY = frozenset(date(2026, 10, day) for day in range(1, 8))
MID_AUTUMN = frozenset(date(2026, 9, day) for day in (25, 26, 27))
MAKE_UP_DAYS = frozenset({date(2026, 9, 20), date(2026, 10, 10)})
ARTICLE = "《中华人民共和国行政许可法》第四十二条、第四十五条、第八十二条"


@dataclass(frozen=True)
class Sample:
    """One limit in working days; ``limits`` are the promised and the statutory one."""

    started_on: date
    today: date
    limits: tuple[int, int]
    paused: frozenset[date] = field(default_factory=frozenset)
    last: date | None = None

    def boxes(self) -> tuple[Box, ...]:
        """Return the days up to ``last``, or up to the statutory end where there is none."""
        promised, statutory = self.limits
        boxes = [self._box(self.started_on, Mark.START, None, "受理通知书送达,当日不计入")]
        counted, over = 0, 0
        while boxes[-1].on < self.last if self.last else counted < statutory:
            on = boxes[-1].on + timedelta(days=1)
            mark, title = self._kind(on)
            number = None
            if mark in {Mark.COUNTED, Mark.MAKE_UP} and counted >= statutory:
                over += 1
                mark, number = Mark.OVERDUE, over
            elif mark in {Mark.COUNTED, Mark.MAKE_UP}:
                counted += 1
                mark, number = (Mark.DUE if counted in {promised, statutory} else mark), counted
            boxes.append(self._box(on, mark, number, title))
        return tuple(boxes)

    def _kind(self, on: date) -> tuple[Mark, str]:
        if on in self.paused:
            return Mark.PAUSED, "专家评审,不计入办理期限(行政许可法第四十五条)"
        if on in NATIONAL_DAY | MID_AUTUMN:
            return Mark.HOLIDAY, "国庆节" if on in NATIONAL_DAY else "中秋节"
        if on in MAKE_UP_DAYS:
            return Mark.MAKE_UP, "国务院办公厅放假安排:周末调休上班"
        return (Mark.COUNTED, "") if on.weekday() < 5 else (Mark.REST, "")

    def _box(self, on: date, mark: Mark, number: int | None, title: str) -> Box:
        is_paper = mark is Mark.START
        return Box(
            on=on,
            mark=mark,
            ordinal=number,
            title=title,
            is_today=on == self.today,
            is_future=on > self.today,
            document="受理通知书 三行审受〔2026〕第000127号" if is_paper else "",
            document_url="#document" if is_paper else "",
        )


def due_on(boxes: Iterable[Box], ordinal: int) -> date | None:
    """Return the day that carries the ordinal as the end of a limit, None if it has no box."""
    return next((box.on for box in boxes if box.mark is Mark.DUE and box.ordinal == ordinal), None)


def strips() -> dict[str, Strip]:
    """Return one strip for each state, by name."""
    start, pause_from = date(2026, 9, 17), date(2026, 9, 24)
    review = frozenset(pause_from + timedelta(days=number) for number in range(14))
    pausing = Sample(start, date(2026, 9, 30), (15, 20), review, date(2026, 9, 30))
    return {
        "calm": _strip(
            Sample(start, date(2026, 9, 23), (10, 20)),
            "剩 5 个工作日",
            Tone.CALM,
            note="9月17日 受理,当日不计入;从 9月18日 数起。",
        ),
        "warning": _strip(
            Sample(start, date(2026, 10, 8), (10, 20)), "剩 0 个工作日,今天到期", Tone.WARNING
        ),
        "paused": _strip(
            pausing,
            "已停止计时:专家评审",
            Tone.PAUSED,
            note="评审结束后从第 5 个工作日接着数,到那时才能知道到期日。",
        ),
        "resumed": _strip(
            Sample(start, date(2026, 10, 12), (10, 20), review), "剩 1 个工作日", Tone.WARNING
        ),
        "overdue": _strip(
            Sample(start, date(2026, 9, 29), (5, 7), last=date(2026, 9, 29)),
            "超期 1 个工作日",
            Tone.OVERDUE,
        ),
        "done": _strip(
            Sample(start, date(2026, 9, 20), (3, 5), last=date(2026, 9, 20)),
            "已办结,用了 2 个工作日",
            Tone.DONE,
        ),
        "long": _strip(
            Sample(date(2026, 7, 1), date(2026, 8, 20), (45, 60)),
            "剩 9 个工作日",
            Tone.CALM,
            provisional=True,
        ),
        "empty": Strip(headline="材料收到后当场办结", tone=Tone.CALM, boxes=()),
    }


def _strip(
    sample: Sample, headline: str, tone: Tone, note: str = "", provisional: bool = False
) -> Strip:
    boxes = sample.boxes()
    promised, statutory = sample.limits
    return Strip(
        headline=headline,
        tone=tone,
        boxes=boxes,
        promised_due=due_on(boxes, promised),
        statutory_due=due_on(boxes, statutory),
        started_on=sample.started_on,
        note=note,
        provisional=provisional,
        article=ARTICLE,
    )
