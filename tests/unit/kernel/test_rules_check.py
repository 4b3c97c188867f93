"""Finding gaps and overlaps, and loading tables."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.rules import Cause, ProblemKind, Standing, TableError, check, decide, load


def table_of(inputs: list[dict[str, Any]], whens: list[dict[str, Any]]) -> Any:
    return load(
        {
            "code": "t",
            "version": 1,
            "inputs": [{"label": one["name"], **one} for one in inputs],
            "rows": [
                {"id": f"r{number}", "when": when, "outcome": "A", "reason": "甲"}
                for number, when in enumerate(whens)
            ],
        }
    )


AGE = {"name": "age", "type": "int"}
RATIO = {"name": "ratio", "type": "decimal"}
DAY = {"name": "day", "type": "date"}
WORD = {"name": "word", "type": "text"}


@pytest.mark.parametrize(
    ("declared", "whens"),
    [
        (AGE, [{"age": {"to": 59}}, {"age": {"from": 60}}]),
        (AGE, [{"age": {"below": 60}}, {"age": 60}, {"age": {"above": 60}}]),
        ({**AGE, "minimum": 0, "maximum": 9}, [{"age": {"to": 4}}, {"age": {"above": 4}}]),
        ({**AGE, "minimum": 1, "maximum": 3}, [{"age": [1, 2]}, {"age": 3}]),
        (RATIO, [{"ratio": {"below": "0.8"}}, {"ratio": {"from": "0.8"}}]),
        (DAY, [{"day": {"to": "2026-12-31"}}, {"day": {"from": "2027-01-01"}}]),
        (DAY, [{"day": {"from": "0001-01-01", "to": "9999-12-31"}}]),
        (WORD, [{"word": "甲"}, {"word": {"not_in": ["甲"]}}]),
        ({"name": "b", "type": "bool"}, [{"b": True}, {"b": False}]),
        ({"name": "e", "type": "enum", "values": ["A", "B"]}, [{"e": "A"}, {"e": "B"}]),
        (AGE, [{}]),
        (AGE, [{"age": {"any": True}}]),
    ],
)
def test_a_whole_table_has_no_problems(
    declared: dict[str, Any], whens: list[dict[str, Any]]
) -> None:
    assert check(table_of([declared], whens)) == []


@pytest.mark.parametrize(
    ("declared", "whens", "gap"),
    [
        (AGE, [{"age": {"to": 59}}, {"age": {"from": 61}}], 60),
        (AGE, [{"age": {"below": 60}}, {"age": {"above": 60}}], 60),
        (RATIO, [{"ratio": {"to": "0.8"}}, {"ratio": {"from": "0.9"}}], Decimal("0.85")),
        (RATIO, [{"ratio": {"below": 1}}, {"ratio": {"above": 1}}], Decimal(1)),
        (
            DAY,
            [{"day": {"below": "2026-12-31"}}, {"day": {"from": "2027-01-01"}}],
            date(2026, 12, 31),
        ),
        (WORD, [{"word": "其他"}], "其他*"),
        ({"name": "b", "type": "bool"}, [{"b": True}], False),
    ],
)
def test_a_gap_is_found_with_an_example(
    declared: dict[str, Any], whens: list[dict[str, Any]], gap: Any
) -> None:
    table = table_of([declared], whens)
    (problem,) = check(table)
    assert problem.kind is ProblemKind.GAP
    assert problem.example == {declared["name"]: gap}
    assert decide(table, problem.example).cause is Cause.GAP


def test_separate_gaps_are_told_apart() -> None:
    problems = check(table_of([AGE], [{"age": {"from": 60, "below": 80}}]))
    assert [problem.example["age"] for problem in problems] == [59, 80]


def test_nearly_equal_decimals_still_have_a_gap_between_them() -> None:
    low, high = "0." + "0" * 28 + "1", "0." + "0" * 28 + "2"
    table = table_of([RATIO], [{"ratio": {"to": low}}, {"ratio": {"from": high}}])
    (problem,) = check(table)
    assert Decimal(low) < problem.example["ratio"] < Decimal(high)


def test_an_overlap_is_found_with_an_example_and_both_rows() -> None:
    inputs = [AGE, {"name": "local", "type": "bool"}]
    table = table_of(inputs, [{"age": {"to": 60}, "local": True}, {"age": {"from": 60}}])
    (problem,) = [one for one in check(table) if one.kind is ProblemKind.OVERLAP]
    assert problem.rows == ("r0", "r1")
    assert problem.example == {"age": 60, "local": True}
    assert decide(table, problem.example).cause is Cause.OVERLAP


def test_a_row_outside_the_domain_is_named() -> None:
    table = table_of([{**AGE, "minimum": 0}], [{"age": {"from": 0}}, {"age": {"below": 0}}])
    (problem,) = check(table)
    assert (problem.kind, problem.rows) == (ProblemKind.UNREACHABLE, ("r1",))


def test_many_gaps_are_cut_off_and_said_to_be_so() -> None:
    inputs = [{"name": f"x{number}", "type": "bool"} for number in range(12)]
    names = [one["name"] for one in inputs]
    whens = [{name: (name == first) for name in names} for first in names]
    problems = check(table_of(inputs, whens), limit=5)
    assert [problem.kind for problem in problems] == [ProblemKind.GAP] * 5 + [ProblemKind.TOO_MANY]


def test_a_wide_table_without_gaps_is_checked_without_walking_every_combination() -> None:
    inputs = [{"name": f"x{number}", "type": "int"} for number in range(30)]
    whens: list[dict[str, Any]] = [
        {**{f"x{before}": {"to": 0} for before in range(number)}, f"x{number}": {"above": 0}}
        for number in range(30)
    ]
    whens.append({f"x{number}": {"to": 0} for number in range(30)})
    assert check(table_of(inputs, whens)) == []


ends = st.integers(0, 6)
ranges = st.tuples(ends, ends, st.booleans(), st.booleans()).filter(
    lambda end: end[0] < end[1] or (end[0] == end[1] and end[2] and end[3])
)
conditions_int = st.one_of(
    ranges.map(
        lambda end: {
            "from" if end[2] else "above": end[0],
            "to" if end[3] else "below": end[1],
        }
    ),
    ends,
    st.lists(ends, min_size=1, max_size=3),
    st.builds(lambda value: {"not_in": [value]}, ends),
)
whens = st.fixed_dictionaries(
    {},
    optional={
        "n": conditions_int,
        "e": st.sampled_from(["A", "B", ["A", "C"]]),
        "b": st.booleans(),
    },
)


@given(st.lists(whens, min_size=1, max_size=5))
def test_gaps_and_overlaps_are_exactly_those_that_brute_force_finds(
    rows: list[dict[str, Any]],
) -> None:
    table = table_of(
        [
            {"name": "n", "type": "int", "minimum": 0, "maximum": 6},
            {"name": "e", "type": "enum", "values": ["A", "B", "C"]},
            {"name": "b", "type": "bool"},
        ],
        rows,
    )
    gap, overlaps, reached = False, set(), set()
    for n, e, b in itertools.product(range(7), "ABC", (True, False)):
        traces = decide(table, {"n": n, "e": e, "b": b}).trace.rows
        hits = [row.row for row in traces if row.standing is Standing.HIT]
        gap = gap or not hits
        reached.update(hits)
        overlaps.update(itertools.combinations(hits, 2))
    problems = check(table, limit=1000)
    found = {kind: [one for one in problems if one.kind is kind] for kind in ProblemKind}
    assert bool(found[ProblemKind.GAP]) == gap
    assert {one.rows for one in found[ProblemKind.OVERLAP]} == overlaps
    unreachable = {row.id for row in table.rows} - reached
    assert {one.rows[0] for one in found[ProblemKind.UNREACHABLE]} == unreachable
    for problem in found[ProblemKind.GAP]:
        assert decide(table, problem.example).cause is Cause.GAP
    for problem in found[ProblemKind.OVERLAP]:
        hits = decide(table, problem.example).trace.rows
        assert {row.row for row in hits if row.standing is Standing.HIT} >= set(problem.rows)


@given(st.lists(conditions_int, min_size=1, max_size=5), st.data())
def test_a_decimal_table_without_problems_decides_every_number(
    conditions: list[Any], data: st.DataObject
) -> None:
    table = table_of([RATIO], [{"ratio": condition} for condition in conditions])
    causes = {problem.kind for problem in check(table)}
    fact = data.draw(st.decimals(-1, 8, places=2))
    cause = decide(table, {"ratio": fact}).cause
    assert cause is Cause.HIT or ProblemKind(cause.value) in causes


YAML_TABLE = """
code: elder-allowance
version: "2026-01"
inputs:
  - {name: age, type: int, label: 周岁, minimum: 0}
  - {name: day, type: date, label: 申请日}
  - {name: share, type: decimal, label: 份额}
rows:
  - when: {age: {from: 80}, day: {from: 2026-01-01}, share: "0.5"}
    outcome: GRANT
    reason: 符合
"""


def test_a_table_is_read_from_yaml() -> None:
    table = load(yaml.safe_load(YAML_TABLE))
    facts = {"age": 80, "day": date(2026, 1, 1), "share": Decimal("0.50")}
    assert decide(table, facts).outcome == "GRANT"
    assert table.rows[0].id == "1"


def broken(changes: dict[str, Any]) -> dict[str, Any]:
    """The table above with values changed at paths such as ``rows.0.when``."""
    data: dict[str, Any] = yaml.safe_load(YAML_TABLE)
    for path, value in changes.items():
        *steps, key = path.split(".")
        place: Any = data
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        place[key] = value
    return data


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 1.1}, "version"),
        ({"version": True}, "version"),
        ({"code": ""}, "code"),
        ({"hits": "first"}, "不认识hits"),
        ({"rows": []}, "至少一项"),
        ({"inputs": None}, "inputs应为列表"),
        ({"inputs.0.type": "float"}, "第1个输入：类型float不认识"),
        ({"inputs.0.name": "day"}, "第2个输入：名称day重复"),
        ({"inputs.1.name": True}, "第2个输入：name.*yes、no"),
        ({"inputs.0.values": ["A"]}, "enum要写values"),
        ({"inputs.0.maximum": -1}, "下限应小于上限"),
        ({"rows.0.outcome": ""}, "第1行：outcome"),
        ({"rows.0.default": True}, "第1行：不认识default"),
        ({"rows.0.when": ["age"]}, "when应为"),
        ({"rows.0.when.age": None}, "周岁（age）的条件：没有写值"),
        ({"rows.0.when.age": 80.5}, "不用浮点数"),
        ({"rows.0.when.age": True}, "不是int类型的值"),
        ({"rows.0.when.age": "80"}, "不是int类型的值"),
        ({"rows.0.when.age": -1}, "不在声明的取值之内"),
        ({"rows.0.when.age": []}, "不能为空"),
        ({"rows.0.when.age": {}}, "应只写"),
        ({"rows.0.when.age": {"from": 1, "above": 2}}, "各只能写一个"),
        ({"rows.0.when.age": {"from": 2, "to": 1}}, "下限应小于上限"),
        ({"rows.0.when.age": {"from": 2, "below": 2}}, "下限应小于上限"),
        ({"rows.0.when.age": {"any": False}}, "any只能写true"),
        ({"rows.0.when.age": {"atleast": 3}}, "不认识atleast"),
        ({"rows.0.when.age": {"from": 3, "in": [4]}}, "应只写"),
        ({"rows.0.when.day": "2026-02-30"}, "不是date类型的值"),
        ({"rows.0.when.share": "NaN"}, "不是decimal类型的值"),
        ({"rows.0.when.share": "0." + "1" * 31}, "超过30位"),
        ({"rows.0.when.sex": "M"}, "没有声明的输入sex"),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_place(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(TableError, match=words.replace("（", ".").replace("）", ".")):
        load(broken(changes))


def test_all_faults_are_told_at_once() -> None:
    data = broken({"rows.0.when.age": 80.5})
    data["rows"].append({"when": {"sex": 1}, "outcome": "A", "reason": "甲"})
    with pytest.raises(TableError) as caught:
        load(data)
    assert len(caught.value.problems) == 2
