"""Transition tables: checked as graphs, asked before acts, drawn from the same rows."""

from __future__ import annotations

import pytest

from yiwang.apps.cases.domain.machine import MACHINE, CaseAction
from yiwang.kernel.machine import Machine, Transition, TransitionNotAllowedError, mermaid


def row(action: str, sources: str, target: str | None) -> Transition:
    return Transition(action, action, frozenset(sources.split()), target, "E", "p")


def machine(*rows: Transition, finals: str = "C") -> Machine:
    return Machine("试", "A", {"A": "甲", "B": "乙", "C": "丙"}, frozenset(finals.split()), rows)


def test_a_sound_table_is_taken() -> None:
    sound = machine(row("go", "A", "B"), row("end", "B", "C"))
    assert sound.require("A", "go").target == "B"
    assert sound.why_not("A", "go") == ""


@pytest.mark.parametrize(
    ("rows", "finals", "word"),
    [
        ([row("go", "A", "B")], "C", "到不了"),
        ([row("go", "A", "B"), row("to", "A", "C")], "C", "没有出路"),
        ([row("go", "A", "B"), row("end", "B", "C"), row("back", "C", "A")], "C", "还能改变"),
        ([row("go", "A", "B"), row("go", "A", "C"), row("end", "B", "C")], "C", "两条转换"),
        ([row("go", "A", "X"), row("g2", "A", "B"), row("end", "B", "C")], "C", "未知状态"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(
    rows: list[Transition], finals: str, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        machine(*rows, finals=finals)


def test_an_act_out_of_place_says_when_it_is_in_place() -> None:
    with pytest.raises(TransitionNotAllowedError) as caught:
        MACHINE.require("GRANTED", CaseAction.ACCEPT.value)
    assert "已准予待领取" in caught.value.message and "已收件待受理" in caught.value.message


def test_no_act_of_a_window_ends_a_case_against_the_applicant() -> None:
    window = {"cases.receive", "cases.accept", "cases.apply", "system"}
    against = {"NOT_REQUIRED", "DECLINED", "REFUSED"}
    assert not [t for t in MACHINE.transitions if t.permission in window and t.target in against]


def test_every_negative_end_has_a_document_and_an_article() -> None:
    for transition in MACHINE.transitions:
        if transition.target in {"NOT_REQUIRED", "DECLINED", "REFUSED", "CORRECTION"}:
            assert transition.document and transition.article


def test_the_drawing_has_every_row() -> None:
    drawing = mermaid(MACHINE)
    for transition in MACHINE.transitions:
        assert f": {transition.label}\n" in drawing
