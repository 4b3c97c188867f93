"""A definition is told in Chinese, whole: every field has its word, every closed value its label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from yiwang.apps.catalog.comparing import compare
from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.wording import (
    DELIVERIES,
    PREFILLS,
    SCHEMA_VALUES,
    WORDS,
    names_of,
    place_in_words,
    value_in_words,
)

ITEMS = Path(__file__).resolve().parents[3] / "src/yiwang/site/demonstration/items"
PACKAGES = sorted(ITEMS.glob("*.yaml"))
LATIN = re.compile("[A-Za-z]")
NAMED = re.compile("「[^」]*」")
# Places whose value is a text, a code of the package's own, or an address, in whatever letters.
OWN = ("code", "id", "name", "title", "label", "text", "const", "pattern", "$schema", "organ",
       "supervising_organ", "licence_kind", "licence_type")  # fmt: skip


def parts(kind: Any) -> Iterator[type]:
    """Every model and enum that a declared kind is made of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for info in kind.model_fields.values():
            yield from parts(info.annotation)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield kind
    for inner in get_args(kind):
        yield from parts(inner)


EVERYTHING = sorted(set(parts(Definition)), key=lambda kind: kind.__name__)
MODELS = [kind for kind in EVERYTHING if issubclass(kind, BaseModel)]
ENUMS = [kind for kind in EVERYTHING if issubclass(kind, Enum)]


def definition(path: Path) -> Definition:
    return Definition.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("model", MODELS)
def test_every_field_of_the_definition_has_a_word(model: type[BaseModel]) -> None:
    keys = [info.alias or name for name, info in model.model_fields.items()]
    assert [key for key in keys if key not in WORDS] == []


@pytest.mark.parametrize("enum", ENUMS)
def test_every_value_of_a_closed_list_has_a_label(enum: type[Enum]) -> None:
    for member in enum:
        label = str(getattr(member, "label", ""))
        assert label
        assert not LATIN.search(label), member


def test_the_walk_reaches_the_lists_it_should() -> None:
    names = {kind.__name__ for kind in ENUMS}
    assert {"Mark", "Regime", "CaseKind", "Audience", "StartEvent", "ResultKind"} <= names


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: path.stem)
def test_a_whole_package_is_told_without_a_code(path: Path) -> None:
    told = definition(path)
    names = names_of(told)
    strange = []
    for difference in compare(None, told):
        place = place_in_words(difference.where, names)
        value = value_in_words(difference.where, difference.after, names)
        key = re.sub(r"\[[^\]]*\]", "", difference.where).rpartition(".")[2]
        if LATIN.search(NAMED.sub("", place)):
            strange.append((difference.where, place))
        if key not in OWN and re.fullmatch(r"[A-Za-z0-9_.-]*[A-Za-z_][A-Za-z0-9_.-]*", value):
            strange.append((difference.where, value))
    assert strange == []


def test_closed_lists_of_the_form_are_known_as_the_definition_describes_them() -> None:
    described = " ".join((Definition.model_fields["form"].annotation.__doc__ or "").split())
    prefills = re.search(r"`x-prefill` \((.*?)\)", described)
    widgets = re.search(r"`x-widget` \((.*?)\)", described)
    assert prefills
    assert widgets
    assert set(prefills[1].split(", ")) == set(PREFILLS)
    assert set(widgets[1].split(", ")) <= set(SCHEMA_VALUES)
    pattern = str(
        get_args(Definition.model_fields["result"].annotation.model_fields["delivery"].annotation)
    )  # type: ignore[union-attr]
    assert set(re.findall("[A-Z]{4,}", pattern)) == set(DELIVERIES)


@pytest.mark.parametrize(
    ("where", "value", "told"),
    [
        ("kind", "PERMIT", "行政许可"),
        ("case_kind", "PROMISED", "承诺件"),
        ("audiences[0]", "LEGAL_PERSON", "法人或其他组织"),
        ("limits.promised.limit", "5wd", "5 个工作日"),
        ("limits.statutory.mark", "K", "法条原文"),
        ("effective_on", "2026-01-01", "2026年1月1日 周四"),
        ("fee.charged", "False", "否"),
        ("result.delivery[1]", "POST", "邮寄"),
        ("materials[lease].name", "租赁合同", "租赁合同"),
        ("no.such.place", "x", "x"),
        ("kind", "", ""),
    ],
)
def test_a_value_is_told_by_the_kind_of_its_place(where: str, value: str, told: str) -> None:
    assert value_in_words(where, value) == told


def test_parts_go_by_their_names_and_conditions_by_the_questions_they_ask() -> None:
    told = definition(ITEMS / "elder-card.yaml")
    names = names_of(told)
    assert place_in_words("form.schema.properties.has_agent.title", names) == (
        "表单 › 结构 › 字段「是否由他人代办」 › 名称"
    )
    where = "form.schema.allOf[1].if.properties.household_place.const"
    assert place_in_words(where, names).endswith("如果 › 字段「户籍所在地」 › 取值")
    assert value_in_words(where, "OUTSIDE", names) == "外省,或者港澳台居民"
    assert value_in_words("form.schema.required[0]", "has_agent", names) == "是否由他人代办"
