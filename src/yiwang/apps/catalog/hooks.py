"""What the guide shows that rooms above know: answers to questions that were asked often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class GuideAnswer:
    """A question with its answer, as everybody may read it."""

    question: str
    answer: str
    on: date


Answers = Callable[[str], Sequence[GuideAnswer]]
_answers: list[Answers] = []


def use_guide_answers(found: Answers) -> None:
    """Called once, by the composition root."""
    _answers[:] = [found]


def guide_answers(item_code: str) -> Sequence[GuideAnswer]:
    """Nothing where nobody knows any."""
    return _answers[0](item_code) if _answers else ()
