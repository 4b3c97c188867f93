"""A definition in words, for the table of differences: its places, and the values found there.

Complete by construction: a field's kind is read from the definition's own model, so an enumerated
value, a limit or a date is told in its own words wherever it stands; a test walks every field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from yiwang.apps.catalog.domain.definition import Definition, LimitText
from yiwang.apps.catalog.wording_words import (
    DELIVERIES,
    JOBS,
    OUTCOMES,
    PLACE_WORDS,
    PREFILLS,
    RESULT_SOURCES,
    SCHEMA_VALUES,
    SCHEMA_WORDS,
    WORDS,
)
from yiwang.kernel.clock import Limit
from yiwang.kernel.moment import chinese_date

Names = Mapping[str, str]

_PART = re.compile(r"[^.\[\]]+|\[[^\]]*\]")
_LONGEST_NAME = 16
# Values that are the code of another part: where that part is found among the names.
_REFERENCES = {
    "commitments.excluded.field": "form.schema.properties.{}",
    "commitments.replaces": "materials[{}]",
    "commitments.skips": "route[{}]",
    "materials.when.field": "form.schema.properties.{}",
    "procedures.pause_ground": "pause_grounds[{}]",
}


def place_in_words(where: str, names: Names | None = None) -> str:
    """`materials[lease].points[a].text` → `申报材料「租赁合同」 › 核对要点 a › 内容`.

    `names` (see `names_of`) tells coded parts by name; a part without a word stays as it is.
    """
    names, path = names or {}, ""
    words: list[str] = []
    for part in _PART.findall(where):
        inside = part.strip("[]")
        path = f"{path}{part}" if part.startswith("[") or not path else f"{path}.{part}"
        if part.startswith("[") or inside.isdecimal():
            shown = f" 第 {int(inside) + 1} 项" if inside.isdecimal() else f" {inside}"
            shown = f"「{names[path]}」" if path in names else shown
            words[-1:] = [f"{words[-1]}{shown}" if words else shown.strip()]
        elif path in names:
            words[-1:] = [f"{words[-1]}「{names[path]}」" if words else names[path]]
        else:
            words.append(_word(part, path))
    return " › ".join(words)


def word_at(place: str) -> str:
    """The word of a dotted place, its positions left out: `materials.0.form` → 材料形式."""
    path = ".".join(part for part in place.split(".") if not part.isdecimal())
    return _word(path.rpartition(".")[2], path)


def _word(key: str, path: str) -> str:
    if (place := re.sub(r"\[[^\]]*\]", "", path)) in PLACE_WORDS:
        return PLACE_WORDS[place]
    own = (SCHEMA_WORDS, WORDS) if _is_free(path) else (WORDS, SCHEMA_WORDS)
    return next((words[key] for words in own if key in words), key)


def _is_free(path: str) -> bool:
    """True inside the parts that are no fields of ours: a JSON Schema, a decision table."""
    return path.startswith(("form.schema.", "instant_rules."))


def names_of(*definitions: Definition | None) -> dict[str, str]:
    """Place → name of every part that has a code of its own; later definitions win."""
    found: dict[str, str] = {}
    for definition in definitions:
        if definition is not None:
            _name(definition.model_dump(mode="json", by_alias=True), "", found)
            _name_inputs(definition.instant_rules or {}, found)
            _name_conditions(definition.form.schema_, found)
            _name_special(definition, found)
    return found


def _name(value: Any, path: str, found: dict[str, str]) -> None:
    if isinstance(value, list):
        for place, part in enumerate(value):
            inside = part.get("code", place) if isinstance(part, dict) else place
            _name(part, f"{path}[{inside}]", found)
    if not isinstance(value, dict):
        return
    own = next((value[k] for k in ("name", "title", "label", "text") if value.get(k)), "")
    is_coded = (path.endswith("]") and "code" in value) or ".properties." in path
    if is_coded and isinstance(own, str) and own:
        found[path] = own if len(own) <= _LONGEST_NAME else f"{own[:_LONGEST_NAME]}…"
    for key, part in value.items():
        _name(part, f"{path}.{key}" if path else str(key), found)


def _name_inputs(table: dict[str, Any], found: dict[str, str]) -> None:
    """The inputs of a decision table by their labels, in every row that asks for them."""
    labels = {one["name"]: one["label"] for one in table.get("inputs", ())}
    for place in range(len(table.get("rows", ()))):
        for name, label in labels.items():
            found[f"instant_rules.rows[{place}].when.{name}"] = label


def _name_conditions(schema: dict[str, Any], found: dict[str, str]) -> None:
    """The fields that the form's conditions ask about, and the answers they ask for."""
    top = "form.schema.properties"
    for name, part in schema.get("properties", {}).items():
        options = part.get("oneOf") or part.get("items", {}).get("oneOf", ())
        found |= {f"{top}.{name}={one['const']}": str(one.get("title", "")) for one in options}
        for place in range(len(schema.get("allOf", ()))):
            for clause in ("if", "then", "else"):
                path = f"form.schema.allOf[{place}].{clause}.properties.{name}"
                found[path] = str(part.get("title", name))


def _name_special(definition: Definition, found: dict[str, str]) -> None:
    """The answers that conditions of materials and commitments name, and materials in English."""
    for material in definition.materials:
        found[f"english.materials.{material.code}"] = found[f"materials[{material.code}]"]
    conditions = [(f"materials[{m.code}].when", m.when) for m in definition.materials]
    conditions += [(f"commitments[{c.code}].excluded", c.excluded) for c in definition.commitments]
    for where, whens in conditions:
        for place, when in enumerate(whens):
            for value in when.values:
                asked = f"form.schema.properties.{when.field}={value}"
                found[f"{where}[{place}].values={value}"] = found.get(asked, str(value))


def value_in_words(where: str, value: str, names: Names | None = None) -> str:
    """The value at a place as people read it; a text, a number or a code of one's own as it is."""
    names = names or {}
    if not value:
        return ""
    kind = _kind_at(where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return str(getattr(kind(value), "label", value))
    if kind is date:
        return chinese_date(date.fromisoformat(value))
    if kind is LimitText:
        return Limit.parse(value).label
    if value in ("True", "False"):
        return "是" if value == "True" else "否"
    return _coded(where, value, names)


def _coded(where: str, value: str, names: Names) -> str:
    """Values that name another part, or come from a closed list."""
    place = re.sub(r"\[[^\]]*\]", "", where)
    key = place.rpartition(".")[2]
    if place in _REFERENCES:
        return names.get(_REFERENCES[place].format(value), value)
    if place in ("materials.when.values", "commitments.excluded.values"):
        return names.get(f"{where.rpartition('[')[0]}={value}", value)
    if place == "procedures.days":
        return Limit.parse(value).label
    asked = re.search(r"\.(?:if|then|else)\.properties\.(\w+)\.", place)
    if asked and key in ("const", "enum"):
        return names.get(f"form.schema.properties.{asked[1]}={value}") or value
    if place.startswith("form.") and key in ("required", "fields"):
        return names.get(f"form.schema.properties.{value}", value)
    if place == "route.after":
        return names.get(f"route[{value}]", value)
    if place == "result.fields.source" and value.startswith("form."):
        return f"表单「{names.get(f'form.schema.properties.{value[5:]}', value[5:])}」"
    if _is_free(where):
        lists = {"x-prefill": PREFILLS, "outcome": OUTCOMES}
        is_listed = key in ("type", "format", "x-widget")
        return lists.get(key, SCHEMA_VALUES if is_listed else {}).get(value, value)
    lists = {
        "result.delivery": DELIVERIES,
        "result.fields.source": RESULT_SOURCES,
        "route.job": JOBS,
    }
    return lists.get(place, {}).get(value, value)


def _kind_at(where: str) -> Any:
    """The declared kind of a place: an enum, a date, LimitText … ; None where nothing is told."""
    kind: Any = Definition
    for part in _PART.findall(where):
        kind = _bare(kind)
        if part.startswith("["):
            kind = next(iter(get_args(kind)), None) if get_origin(kind) is tuple else None
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = _field(kind, part)
        else:
            return None
    return _bare(kind)


def _field(model: type[BaseModel], key: str) -> Any:
    """The annotation of a field by its name in a package; LimitText as it was written."""
    for name, info in model.model_fields.items():
        if (info.alias or name) == key:
            limit = get_args(LimitText)[1]
            is_limit = any(limit.metadata == [part] for part in info.metadata)
            return LimitText if is_limit else info.annotation
    return None


def _bare(kind: Any) -> Any:
    """Without 「or None」."""
    if get_origin(kind) in (Union, UnionType):
        return next((part for part in get_args(kind) if part is not type(None)), None)
    return get_args(kind)[0] if get_origin(kind) is Annotated and kind is not LimitText else kind
