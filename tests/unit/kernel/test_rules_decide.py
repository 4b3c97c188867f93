"""Deciding by tables: fail-closed and three-valued."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.rules import TO_PERSON, Cause, Standing, Table, decide, load

ALLOWANCE = load(
    {
        "code": "elder-allowance",
        "version": "2026-01",
        "title": "高龄长寿补贴",
        "inputs": [
            {"name": "age", "type": "int", "label": "周岁", "minimum": 0, "maximum": 150},
            {
                "name": "household",
                "type": "enum",
                "label": "户籍",
                "values": {"LOCAL": "本市", "OTHER": "外地"},
            },
            {"name": "alive", "type": "bool", "label": "健在"},
        ],
        "rows": [
            {
                "id": "A",
                "when": {"age": {"from": 80, "below": 90}, "household": "LOCAL", "alive": True},
                "outcome": "GRANT_80",
                "reason": "年满80周岁",
                "article": "《办法》第五条",
            },
            {
                "id": "B",
                "when": {"age": {"from": 90}, "household": "LOCAL", "alive": True},
                "outcome": "GRANT_90",
                "reason": "年满90周岁",
            },
            {
                "id": "C",
                "when": {"household": "OTHER"},
                "outcome": "NOT_HERE",
                "reason": "户籍不在本市",
            },
        ],
    }
)


def one_input(kind: str, condition: Any, **more: Any) -> Table:
    return load(
        {
            "code": "one",
            "version": 1,
            "inputs": [{"name": "x", "type": kind, "label": "值", **more}],
            "rows": [{"when": {"x": condition}, "outcome": "YES", "reason": "符合"}],
        }
    )


def test_one_row_hit_gives_its_outcome_reason_and_article() -> None:
    verdict = decide(ALLOWANCE, {"age": 80, "household": "LOCAL", "alive": True})
    assert (verdict.outcome, verdict.row, verdict.cause) == ("GRANT_80", "A", Cause.HIT)
    assert (verdict.reason, verdict.article) == ("年满80周岁", "《办法》第五条")
    assert not verdict.is_to_person


def test_trace_keeps_version_values_and_why_each_row_was_out() -> None:
    trace = decide(ALLOWANCE, {"age": 80, "household": "LOCAL", "alive": True}).trace
    assert (trace.table, trace.version) == ("elder-allowance", "2026-01")
    assert trace.values == {"age": 80, "household": "LOCAL", "alive": True}
    standings = {row.row: (row.standing, row.inputs) for row in trace.rows}
    assert standings == {
        "A": (Standing.HIT, ()),
        "B": (Standing.OUT, ("age",)),
        "C": (Standing.OUT, ("household",)),
    }
    assert trace.rows[1].note == "周岁为80，应不小于90"
    assert trace.rows[2].note == "户籍为本市，应为外地"


def test_a_row_already_false_is_out_whatever_is_unknown() -> None:
    verdict = decide(ALLOWANCE, {"household": "OTHER"})
    assert verdict.outcome == "NOT_HERE"
    assert set(verdict.trace.unknown) == {"age", "alive"}


@pytest.mark.parametrize("alive", [None, 1, "是", 1.0])
def test_missing_null_or_wrong_fact_that_a_possible_row_reads_goes_to_a_person(
    alive: Any,
) -> None:
    verdict = decide(ALLOWANCE, {"age": 85, "household": "LOCAL", "alive": alive})
    assert (verdict.outcome, verdict.cause) == (TO_PERSON, Cause.UNKNOWN_FACT)
    assert verdict.row is None
    assert "健在" in verdict.reason


def test_no_row_goes_to_a_person_and_never_to_a_default() -> None:
    verdict = decide(ALLOWANCE, {"age": 79, "household": "LOCAL", "alive": True})
    assert (verdict.outcome, verdict.cause) == (TO_PERSON, Cause.GAP)


def test_two_rows_go_to_a_person() -> None:
    table = load(
        {
            "code": "overlap",
            "version": 1,
            "inputs": [{"name": "x", "type": "int", "label": "值"}],
            "rows": [
                {"when": {"x": {"to": 5}}, "outcome": "A", "reason": "甲"},
                {"when": {"x": {"from": 5}}, "outcome": "A", "reason": "乙"},
            ],
        }
    )
    assert decide(table, {"x": 5}).cause is Cause.OVERLAP
    assert decide(table, {"x": 5}).is_to_person
    assert decide(table, {"x": 6}).outcome == "A"


def test_a_row_may_itself_send_to_a_person() -> None:
    table = load(
        {
            "code": "risk",
            "version": 1,
            "inputs": [{"name": "x", "type": "bool", "label": "高风险"}],
            "rows": [{"when": {"x": True}, "outcome": TO_PERSON, "reason": "高风险须人工审查"}],
        }
    )
    verdict = decide(table, {"x": True})
    assert verdict.is_to_person
    assert (verdict.cause, verdict.row, verdict.reason) == (Cause.HIT, "1", "高风险须人工审查")


@pytest.mark.parametrize(
    ("kind", "condition", "fact"),
    [
        ("int", {"from": 0}, True),
        ("int", {"from": 0}, 1.0),
        ("int", {"from": 0}, "1"),
        ("int", {"from": 0}, Decimal(1)),
        ("decimal", {"from": 0}, 0.5),
        ("decimal", {"from": 0}, True),
        ("decimal", {"from": 0}, Decimal("NaN")),
        ("decimal", {"from": 0}, Decimal("Infinity")),
        ("date", {"from": "2026-01-01"}, datetime(2026, 6, 1, tzinfo=UTC)),
        ("date", {"from": "2026-01-01"}, "2026-06-01"),
        ("bool", True, 1),
        ("text", {"not_in": ["甲"]}, ""),
        ("text", {"not_in": ["甲"]}, "  "),
        ("text", {"not_in": ["甲"]}, 7),
    ],
)
def test_a_fact_of_another_type_is_unknown(kind: str, condition: Any, fact: Any) -> None:
    assert decide(one_input(kind, condition), {"x": fact}).cause is Cause.UNKNOWN_FACT


@pytest.mark.parametrize("fact", ["ELSE", None])
def test_a_code_outside_an_enum_is_unknown(fact: Any) -> None:
    table = one_input("enum", {"not_in": ["A"]}, values=["A", "B"])
    assert decide(table, {"x": fact}).cause is Cause.UNKNOWN_FACT
    assert decide(table, {"x": "B"}).outcome == "YES"


def test_a_fact_outside_the_declared_domain_is_unknown() -> None:
    table = one_input("int", {"from": 18}, minimum=0, maximum=150)
    assert decide(table, {"x": 151}).cause is Cause.UNKNOWN_FACT
    assert decide(table, {"x": 150}).outcome == "YES"


@pytest.mark.parametrize(
    ("condition", "inside", "outside"),
    [
        ({"from": "0.8"}, [Decimal("0.8"), 1], [Decimal("0.79")]),
        ({"above": "0.8"}, [Decimal("0.81")], [Decimal("0.80")]),
        ({"from": 1, "to": 2}, [1, 2, Decimal("1.5")], [Decimal("2.01"), Decimal("0.99")]),
        ({"above": 1, "below": 2}, [Decimal("1.001")], [1, 2]),
        ([1, "2.50"], [1, Decimal("2.5")], [2]),
        ({"equals": 3}, [3, Decimal("3.0")], [4]),
        ({"not_in": [3]}, [4], [3]),
    ],
)
def test_ends_are_open_or_closed_as_declared(
    condition: Any, inside: list[Any], outside: list[Any]
) -> None:
    table = one_input("decimal", condition)
    assert all(decide(table, {"x": fact}).outcome == "YES" for fact in inside)
    assert all(decide(table, {"x": fact}).cause is Cause.GAP for fact in outside)


def test_the_trace_tells_a_missing_fact_from_a_wrong_one() -> None:
    trace = decide(ALLOWANCE, {"age": "80", "household": "LOCAL"}).trace
    assert trace.unknown == {"age": "类型不符或超出取值范围", "alive": "没有提供"}


def test_facts_that_the_table_does_not_declare_are_ignored() -> None:
    facts = {"household": "OTHER", "name": "张三"}
    assert "name" not in decide(ALLOWANCE, facts).trace.values


def test_the_verdict_is_plain_json_without_floats() -> None:
    table = load(
        {
            "code": "plain",
            "version": 3,
            "inputs": [
                {"name": "on", "type": "date", "label": "日期"},
                {"name": "ratio", "type": "decimal", "label": "比例"},
            ],
            "rows": [{"when": {"on": {"above": "2026-01-01"}}, "outcome": "A", "reason": "甲"}],
        }
    )
    verdict = decide(table, {"on": date(2026, 11, 21), "ratio": Decimal("0.10")})
    written = json.loads(json.dumps(verdict.as_json()))
    assert written["values"] == {"on": "2026-11-21", "ratio": "0.10"}
    assert (written["version"], written["outcome"], written["row"]) == ("3", "A", "1")


facts_known = st.fixed_dictionaries(
    {
        "age": st.integers(0, 150),
        "household": st.sampled_from(["LOCAL", "OTHER"]),
        "alive": st.booleans(),
    }
)


@given(facts_known, st.sets(st.sampled_from(["age", "household", "alive"])))
def test_what_is_decided_without_a_fact_stays_when_the_fact_is_known(
    facts: dict[str, Any], hidden: set[str]
) -> None:
    partial = decide(ALLOWANCE, {name: facts[name] for name in facts if name not in hidden})
    whole = decide(ALLOWANCE, facts)
    if partial.cause is not Cause.UNKNOWN_FACT:
        assert (partial.outcome, partial.row) == (whole.outcome, whole.row)


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()


@given(
    st.dictionaries(st.sampled_from(["age", "household", "alive"]), anything | st.lists(anything))
)
def test_deciding_never_raises_and_grants_only_on_sound_facts(facts: dict[str, Any]) -> None:
    verdict = decide(ALLOWANCE, facts)
    if verdict.outcome.startswith("GRANT"):
        assert facts["alive"] is True
        assert type(facts["age"]) is int
        assert facts["age"] >= 80
