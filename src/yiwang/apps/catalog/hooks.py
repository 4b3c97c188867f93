"""What rooms above know of an item: answers to questions asked often, for the guide; how the guide
does in practice, for those who keep it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class GuideAnswer:
    """A question with its answer, as everybody may read it."""

    question: str
    answer: str
    on: date


@dataclass(frozen=True, slots=True)
class Practice:
    """Cases of one item received in a period, and how many of them got a notice of 补正."""

    received: int
    corrected: int


Answers = Callable[[str], Sequence[GuideAnswer]]
Practices = Callable[[datetime], Mapping[str, Practice]]
OpenNotes = Callable[[], Mapping[str, int]]
_answers: list[Answers] = []
_practices: list[Practices] = []
_open_notes: list[OpenNotes] = []


def use_guide_answers(found: Answers) -> None:
    """Called once, by the composition root."""
    _answers[:] = [found]


def use_practices(found: Practices) -> None:
    """Called once, by the composition root. All items at once, in one statement."""
    _practices[:] = [found]


def use_open_notes(found: OpenNotes) -> None:
    """Called once, by the composition root. All items at once, in one statement."""
    _open_notes[:] = [found]


def guide_answers(item_code: str) -> Sequence[GuideAnswer]:
    """Nothing where nobody knows any."""
    return _answers[0](item_code) if _answers else ()


def practices(since: datetime) -> Mapping[str, Practice]:
    """Item code → what became of the cases received since then; items without cases are absent."""
    return _practices[0](since) if _practices else {}


def open_notes() -> Mapping[str, int]:
    """Item code → how many corrections of its guide are open; items without any are absent."""
    return _open_notes[0]() if _open_notes else {}
