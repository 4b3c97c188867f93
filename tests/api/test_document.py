"""The OpenAPI document: unchanged unless on purpose, complete, and bounded everywhere."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.api.document import SNAPSHOT, current

import yiwang
from yiwang.apps.cases.domain.machine import MACHINE

DOCUMENT = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
OPERATIONS = {
    (method.upper(), path): operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}


def test_the_document_is_the_one_kept() -> None:
    assert current() == SNAPSHOT.read_text(encoding="utf-8"), (
        "The API changed. If that is meant: python -m tests.api.document"
    )


def test_every_legal_act_is_one_operation() -> None:
    """Silence accepts and a source answers by itself; every other transition of the machine can be called."""
    called = {path.rsplit("/", 1)[-1] for method, path in OPERATIONS if method == "POST"}
    acts = {t.action.replace("_", "-") for t in MACHINE.transitions} - {
        "ask-again",
        "deem-accepted",
        "deem-withdrawn",
        "deliver",
    }
    assert acts | {"deliver-at-window", "deliver-online"} <= called


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_way_to_refuse_is_declared_as_a_problem(method: str, path: str) -> None:
    operation = OPERATIONS[method, path]
    declared = {int(status) for status in operation["responses"]}
    expected: set[int] = set()
    if operation.get("security") == []:
        assert 401 not in declared
    else:
        expected |= {401}
    if method != "GET":
        expected |= {403, 429}
    if "requestBody" in operation:
        expected |= {400, 413, 415, 422}
    if "{" in path:
        expected |= {404, 422}
    assert expected <= declared
    for status, response in operation["responses"].items():
        if status >= "400":
            assert list(response["content"]) == ["application/problem+json"]


def inputs(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema a request is checked with, references followed."""
    if isinstance(node, list):
        for part in node:
            yield from inputs(part, path)
    if not isinstance(node, dict):
        return
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        yield from inputs(DOCUMENT["components"]["schemas"][name], f"{path}>{name}")
        return
    yield path, node
    for key in ("anyOf", "allOf", "items", "additionalProperties", "propertyNames"):
        yield from inputs(node.get(key), f"{path}.{key}")
    for group in ("properties", "patternProperties"):
        for name, part in node.get(group, {}).items():
            yield from inputs(part, f"{path}.{name}")


def all_inputs() -> list[Any]:
    found = []
    for (method, path), operation in OPERATIONS.items():
        schemas = [(p["name"], p["schema"]) for p in operation["parameters"]]
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schemas.append(("body", content["schema"]))
        for name, schema in schemas:
            found += [
                pytest.param(part, id=f"{method} {path} {where}")
                for where, part in inputs(schema, name)
            ]
    return found


@pytest.mark.parametrize("schema", all_inputs())
def test_every_input_has_its_bounds(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    if kind == "integer":
        assert -(2**63) <= schema["minimum"] <= schema["maximum"] < 2**63
    if kind == "number":
        assert {"minimum", "maximum"} <= set(schema)
    if kind == "array":
        assert schema["maxItems"] <= 100
    if kind == "string" and not {"enum", "const"} & set(schema):
        is_shaped = schema.get("format") in ("uuid", "date", "binary")
        assert is_shaped or "pattern" in schema
        assert is_shaped or "maxLength" in schema or "*" not in schema["pattern"]
    if kind == "object":
        assert schema["additionalProperties"] is False


def test_no_two_schemas_share_a_name() -> None:
    """Of two the document would keep one, and the other's answers would not be what it says."""
    names: dict[str, set[str]] = {}
    for path in sorted((Path(yiwang.__file__).parent).rglob("api*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                names.setdefault(node.name, set()).add(str(path))
    assert {name: places for name, places in names.items() if len(places) > 1} == {}
