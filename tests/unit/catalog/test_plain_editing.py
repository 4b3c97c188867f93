"""Every field of every demonstration item is drawn, and what is drawn reads back the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.catalog.test_wording import PACKAGES, definition

from yiwang.apps.catalog.domain.definition import (
    Definition,
    ExtensionRule,
    LimitFigure,
    RouteStep,
)
from yiwang.apps.catalog.domain.publishing import problems
from yiwang.apps.catalog.domain.special import Commitment, ProcedureRule, Renewal
from yiwang.apps.catalog.operations import as_json
from yiwang.apps.catalog.plain.drawing import Drawing
from yiwang.apps.catalog.plain.outline import FIXED, PAGES, fields_of
from yiwang.apps.catalog.plain.reading import Reading, give_codes
from yiwang.apps.catalog.plain.shapes import Shape, asked_of
from yiwang.apps.catalog.plain.values import (
    limit_in_words,
    limit_typed,
    line_of,
    value_of,
)
from yiwang.apps.catalog.starting import Beginning, values_of
from yiwang.apps.catalog.wording import word_at

FOOD = next(path for path in PACKAGES if path.stem == "food-business-licence")


def controls(group: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every control of a group, hidden ones as text, as a browser finds them."""
    if group.get("count"):
        yield {"name": f"{group['name']}.count", "value": group["count"]}
    if group.get("code"):
        yield {"name": group["code"][0], "value": group["code"][1]}
    for own in ("has", "order"):
        if group.get(own):
            yield group[own]
    for row in group["rows"]:
        if "field" in row:
            yield row["field"]
        else:
            yield from controls(row["group"])


def posted(rows: list[dict[str, Any]], **more: str) -> QueryDict:
    """What a browser sends where nobody touches anything."""
    found = QueryDict(mutable=True)
    for control in controls({"rows": rows}):
        if "options" in control:
            chosen = [o["value"] for o in control["options"] if o["selected"]]
            is_select = control["kind"] == "select"
            found.setlist(
                control["name"], chosen or ([control["options"][0]["value"]] if is_select else [])
            )
            if not found.getlist(control["name"]):
                del found[control["name"]]
        else:
            found[control["name"]] = str(control["value"]).replace("\n", "\r\n")
    for name, value in more.items():
        found[name] = value
    return found


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.stem)
def test_what_is_drawn_reads_back_the_same(path: Path) -> None:
    whole = as_json(definition(path))
    for page in PAGES:
        asked = fields_of(page)
        rows = Drawing(whole, {}).rows(asked, whole, "")
        reading = Reading(posted(rows))
        read = {one.key: reading.value(one, one.key) for one in asked}
        again = as_json(Definition.model_validate(whole | read))
        assert not reading.wrong
        for key in page.fields:
            assert again[key] == whole[key], f"{page.key}: {key}"


def test_every_field_is_on_one_page_and_every_page_has_its_own_address() -> None:
    placed = [name for page in PAGES for name in page.fields]
    every = {one.key for one in asked_of(Definition)}
    assert sorted(placed) == sorted(every - FIXED)
    assert len({page.key for page in PAGES}) == len(PAGES)


def test_limits_are_asked_in_words_wherever_they_stand() -> None:
    limits = [
        (model.__name__, one.key)
        for model in (LimitFigure, ExtensionRule, RouteStep, Commitment, Renewal, ProcedureRule)
        for one in asked_of(model)
        if one.shape is Shape.LIMIT
    ]
    assert limits == [
        ("LimitFigure", "limit"),
        ("ExtensionRule", "limit"),
        ("RouteStep", "limit"),
        ("Commitment", "check_within"),
        ("Renewal", "opens"),
        ("Renewal", "closes"),
        ("ProcedureRule", "days"),
    ]
    assert word_at("materials.3.form") == "材料形式" != word_at("form")


def page_of(name: str) -> tuple[dict[str, Any], list[Any]]:
    whole = as_json(definition(FOOD))
    return whole, fields_of(next(page for page in PAGES if page.key == name))


def read_page(name: str, **changes: str) -> Any:
    whole, asked = page_of(name)
    sent = posted(Drawing(whole, {}).rows(asked, whole, ""), **changes)
    return whole, Reading(sent).value(asked[0], asked[0].key)


def test_a_part_is_added_taken_away_and_moved() -> None:
    whole, asked = page_of("questions")
    count = len(whole["questions"])
    _, added = read_page(
        "questions",
        **{f"questions.{count}.question": "要交钱吗?", f"questions.{count}.answer": "不要。"},
    )
    assert added == [*whole["questions"], {"question": "要交钱吗?", "answer": "不要。"}]
    _, dropped = read_page("questions", **{"questions.0.drop": "1"})
    assert dropped == whole["questions"][1:]
    _, moved = read_page("questions", **{"questions.0.order": "99"})
    assert moved == [*whole["questions"][1:], whole["questions"][0]]
    assert asked[0].shape is Shape.PARTS


def test_a_new_part_gets_a_code_of_its_own_and_an_old_one_keeps_its() -> None:
    whole, grounds = read_page("refusals", **{"refusals.0.text": "改过的理由"})
    assert [g["code"] for g in grounds] == [g["code"] for g in whole["refusals"]]
    parts = [{"code": "point_2"}, {"code": ""}, {"code": ""}]
    give_codes("points", parts)
    assert len({part["code"] for part in parts}) == 3 and parts[0]["code"] == "point_2"


def test_an_optional_part_is_there_only_where_it_is_ticked() -> None:
    whole, asked = page_of("limits")
    assert whole["limits"]["statutory"]
    sent = posted(Drawing(whole, {}).rows(asked, whole, ""))
    del sent["limits.statutory.has"]
    assert Reading(sent).value(asked[0], "limits")["statutory"] is None


def test_what_cannot_be_read_is_said_at_its_field() -> None:
    whole, asked = page_of("form")
    laughs = "a: &a [1, 2]\nb: &b [*a, *a]\nc: [*b, *b]"
    for text, says in (("a: [", "YAML"), ("- one", "名称: 值"), (laughs, "YAML")):
        sent = posted(Drawing(whole, {}).rows(asked, whole, ""), **{"form.schema": text})
        reading = Reading(sent)
        reading.value(asked[0], "form")
        assert says in reading.wrong["form.schema"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("5个工作日", "5wd"), ("5 个工作日", "5wd"), ("30个自然日", "30d"), ("2个月", "2mon"),
     ("当日", "0wd"), ("\uff15个工作日", "5wd"), ("3小时", "3h"), ("5wd", "5wd"), ("5天", "5天"), ("很快", "很快")],
)  # fmt: skip
def test_a_limit_is_typed_in_words_and_no_day_is_guessed(typed: str, kept: str) -> None:
    assert limit_typed(typed) == kept


@given(st.integers(0, 9999), st.sampled_from(["wd", "d", "wh", "h", "min", "mon"]))
def test_every_limit_in_words_reads_back(number: int, unit: str) -> None:
    assert limit_typed(limit_in_words(f"{number}{unit}")) == f"{number}{unit}"


@given(st.one_of(st.booleans(), st.integers(0, 10**6), st.text("真a1 :-#'true", max_size=12)))
def test_an_answer_on_a_line_reads_back(value: str | bool | int) -> None:
    if isinstance(value, str) and value != value.strip():
        value = value.strip()
    if value != "":
        again = value_of(line_of(value))
        assert again == value and type(again) is type(value)


def beginning(**more: Any) -> Beginning:
    values: dict[str, Any] = {
        "code": "new-item", "name": "新办事项", "organ": "yecheng-centre", "kind": "PERMIT",
        "catalog_code": "000131002000", "level": "4", "audiences": ["NATURAL_PERSON"],
        "summary": "试一试。", "law": "食品安全法", "article": "第三十五条", "statutory": "20个工作日",
        "promised": "5个工作日", "review_organ": "市人民政府", "review_address": "一号",
        "court": "某法院",
    }  # fmt: skip
    return Beginning(**{**values, **more})


@pytest.mark.parametrize("kind", ["PERMIT", "PAYMENT", "CONFIRMATION", "PUBLIC_SERVICE", "REWARD"])
@pytest.mark.parametrize("promised", ["5个工作日", "当日"])
@pytest.mark.parametrize("statutory", ["20个工作日", ""])
def test_a_beginning_is_a_definition_that_lacks_only_what_its_editor_knows(
    kind: str, promised: str, statutory: str
) -> None:
    typed = beginning(kind=kind, promised=promised, statutory=statutory)
    found = problems(Definition.model_validate(values_of(typed, date(2026, 3, 2))))
    allowed = {"受理条件", "办理地点", "电话", "常见问题"}
    assert {problem.where for problem in found} <= allowed, found
