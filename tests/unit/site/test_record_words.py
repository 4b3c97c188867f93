"""The record page has a Chinese word for whatever an operation writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from yiwang.site.pages.record_words import (
    FACTS,
    KINDS,
    LONGEST,
    OPERATIONS,
    facts_in_words,
    named,
)

SOURCE = Path(__file__).resolve().parents[3] / "src" / "yiwang"
TREES = [
    ast.parse(path.read_text(encoding="utf-8"))
    for path in SOURCE.rglob("*.py")
    if "migrations" not in path.parts and "measuring" not in path.parts
]
WRITERS = ("append", "build")


def texts(node: ast.AST) -> Iterator[str]:
    """The keys of the dictionary that is written here; those of dictionaries inside it too."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Dict):
            yield from (
                key.value
                for key in inner.keys
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )


def is_facts(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "facts"


def written_facts() -> Iterator[str]:
    """Keys in `append(facts={…})`, `act.facts |= {…}`, `act.facts["x"]`, `.setdefault("x")`."""
    for node in (one for tree in TREES for one in ast.walk(tree)):
        if isinstance(node, ast.AugAssign) and is_facts(node.target):
            yield from texts(node.value)
        elif isinstance(node, ast.Assign):
            yield from assigned(node)
        elif isinstance(node, ast.Call):
            yield from passed(node)


def assigned(node: ast.Assign) -> Iterator[str]:
    for target in node.targets:
        if isinstance(target, ast.Subscript) and is_facts(target.value):
            yield from constants(target.slice)
            yield from texts(node.value)


def passed(node: ast.Call) -> Iterator[str]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    for keyword in node.keywords:
        if keyword.arg == "facts" and name in (*WRITERS, "_tell"):
            yield from texts(keyword.value)
    if name == "setdefault" and is_facts(getattr(node.func, "value", node)):
        yield from constants(*node.args)


def constants(*nodes: ast.AST) -> Iterator[str]:
    yield from (str(node.value) for node in nodes if isinstance(node, ast.Constant))


def written_operations() -> Iterator[str]:
    for node in (one for tree in TREES for one in ast.walk(tree)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WRITERS:
            for keyword in node.keywords:
                if keyword.arg == "operation" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value)


def test_every_fact_that_is_written_has_a_word() -> None:
    found = set(written_facts())
    assert {"state", "due", "satisfaction", "is_deputy", "documents"} <= found
    assert sorted(found - set(FACTS)) == []


def test_every_operation_that_is_written_has_a_word() -> None:
    found = set(written_operations())
    assert {"cases.submit", "ratings.rate", "documents.issue"} <= found
    assert sorted(found - set(OPERATIONS)) == []


def test_values_are_told_in_words_and_identifiers_by_their_beginning() -> None:
    told = facts_in_words(
        {
            "state": "REVIEW",
            "deemed": False,
            "due": {"receipt_due_on": "2026-11-23", "delivery_due_on": None},
            "documents": [{"id": "f5502a6c-b34a-4099-b9e5-8e02db626199", "kind": "RECEIPT"}],
            "expected": "10wd",
            "of": "case:9",
            "sha256": "d624fe1cba6e" + "0" * 52,
            "nobody_named_it": 3,
        }
    )
    assert told == (
        "状态:审查中;视为受理:否;到期日:收件告知 2026年11月23日 周一;文书:收件凭证 f5502a6c;"
        "预计需要:10 个工作日;属于:办件 9;文件摘要:d624fe1cba6e…;nobody_named_it:3"
    )


def test_a_code_that_is_not_on_the_list_stays_as_it_is() -> None:
    assert facts_in_words({"state": "SOMETHING_NEW"}) == "状态:SOMETHING_NEW"
    assert facts_in_words({"until": "later"}) == "期限到:later"


def test_codes_of_the_item_go_by_their_names() -> None:
    codes = {"material.lease": "租赁合同", "points.lease.signed": "双方签字", "step.review": "审查"}
    told = facts_in_words({"material": "lease", "points": ["signed", "new"]}, codes)
    assert told == "材料:租赁合同;核对要点:双方签字、new"
    assert facts_in_words({"materials": {"lease": "PAPER"}}, codes) == "材料:租赁合同 已收纸质件"
    assert facts_in_words({"step": "review", "conclusion": "AGREE"}, codes) == (
        "环节:审查;结论:符合要求"
    )
    assert facts_in_words({"pause": "testing_8"}, {"ground.testing": "检验"}) == "停止计时:检验"


def test_a_long_entry_is_cut() -> None:
    assert len(facts_in_words({"items": "长" * 1000})) == LONGEST + 1


def test_subjects_go_by_the_word_of_their_kind() -> None:
    assert named("case:9") == "办件 9"
    assert named("document:f5502a6c-b34a-4099-b9e5-8e02db626199") == "文书 f5502a6c"
    assert "rating" in KINDS
