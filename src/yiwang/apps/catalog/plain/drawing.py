"""A part of a definition as groups of fields, in the shell's words for fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from yiwang.apps.catalog.plain.reading import is_blank
from yiwang.apps.catalog.plain.shapes import LISTED, REFERENCES, Asked, Shape, asked_of
from yiwang.apps.catalog.plain.values import LIMIT_HINT, limit_in_words, line_of, yaml_of
from yiwang.apps.catalog.wording import word_at
from yiwang.apps.catalog.wording_words import DELIVERIES, JOBS

_NAMES = ("name", "title", "label", "text", "question", "law")
_LONGEST = 24
_HINTS = {
    "after": "哪些环节办完才轮到它;都不选就是一开始就办。",
    "alias_note": "几个名称指同一件事时说明。",
    "aliases": "老百姓怎么叫它,一行一个,用来查找。",
    "catalog_code": "国家基本目录的 12 位编码。",
    "licence_type": "21 位证照类型代码;结果是证照才填。",
    "mark": "这个数字有多确定;不确定的不会当作事实告诉申请人。",
    "number_word": "文号里的字,例如:食许。",
    "points": "窗口逐条核对的要点。",
    "required_when": "写给申请人看的话,例如:租房的提供。",
    "source_organ": "政府部门核发的,写哪个部门。",
    "supervising_organ": "机构标识;核查承诺由它来做。",
    "upper_organ": "机构标识;由上级决定的才填。",
}
_LISTS = {"delivery": DELIVERIES, "job": JOBS}


@dataclass(frozen=True, slots=True)
class Drawing:
    """`whole`: the definition as a package; `errors`: what to mend by field name."""

    whole: Mapping[str, Any]
    errors: Mapping[str, str]

    def rows(self, asked: list[Asked], raw: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
        """`{"field": …}` or `{"group": …}` for every field, in order."""
        return [self._row(one, raw.get(one.key), _join(prefix, one.key)) for one in asked]

    def _row(self, one: Asked, value: Any, name: str) -> dict[str, Any]:
        if one.shape is Shape.PART:
            return {"group": self._part(one, value, name)}
        if one.shape is Shape.PARTS:
            return {"group": self._parts(one, value or [], name)}
        return {"field": self._field(one, value, name)}

    def _part(self, one: Asked, value: Any, name: str) -> dict[str, Any]:
        has = None
        if one.is_optional:
            option = {"value": "1", "label": "有这一项", "selected": value is not None}
            has = {"name": f"{name}.has", "label": f"{word_at(name)}有没有", "kind": "checkboxes",
                   "options": [option]}  # fmt: skip
        rows = self.rows(asked_of(one.inside), value or _empty(one.inside), name)
        return {"legend": word_at(name), "has": has, "rows": rows, "name": name,
                "error": self.errors.get(name, "")}  # fmt: skip

    def _parts(self, one: Asked, values: list[Any], name: str) -> dict[str, Any]:
        shown = [*values, _empty(one.inside)]
        groups = [
            self._one_of(one.inside, part, f"{name}.{place}", place < len(values), place)
            for place, part in enumerate(shown)
        ]
        return {"legend": word_at(name), "hint": _HINTS.get(one.key, ""), "name": name,
                "rows": [{"group": group} for group in groups], "count": len(shown),
                "error": self.errors.get(name, "")}  # fmt: skip

    def _one_of(
        self, model: type[BaseModel], part: Any, name: str, is_there: bool, place: int
    ) -> dict[str, Any]:
        asked = [one for one in asked_of(model) if one.key != "code"]
        group: dict[str, Any] = {
            "legend": title_of(part, place) if is_there else "再加一项(不加就留空)",
            "rows": self.rows(asked, part, name),
            "name": name,
            "error": self.errors.get(name, ""),
            "is_new": not is_there,
            "is_open": place == 0,  # the first of an empty list is asked for at once
        }
        if is_there:
            drop = {"value": "1", "label": "删去这一项", "selected": False}
            group["drop"] = {"name": f"{name}.drop", "label": "删去", "kind": "checkboxes",
                             "options": [drop]}  # fmt: skip
            group["order"] = {"name": f"{name}.order", "label": "次序", "kind": "number",
                              "value": place + 1, "width": "w-4"}  # fmt: skip
        if is_there and "code" in part:
            group["code"] = (f"{name}.code", part["code"])
        return group

    def _field(self, one: Asked, value: Any, name: str) -> dict[str, Any]:
        field = {
            "name": name,
            "label": word_at(name),
            "hint": _HINTS.get(one.key, ""),
            "error": self.errors.get(name, ""),
            "is_optional": not one.is_required and one.shape in _MAY_BE_LEFT,
        }
        return field | self._control(one, value)

    def _control(self, one: Asked, value: Any) -> dict[str, Any]:
        match one.shape:
            case Shape.CHOICE | Shape.CHOICES:
                return self._choice(one, value)
            case Shape.SWITCH:
                option = {"value": "1", "label": "是", "selected": bool(value)}
                return {"kind": "checkboxes", "options": [option]}
            case Shape.LINES:
                text = "\n".join(line_of(line) for line in value or ())
                return {"kind": "textarea", "rows": 4, "value": text,
                        "hint": _HINTS.get(one.key, "") or "一行一条。"}  # fmt: skip
            case Shape.TEXT:
                return {"kind": "textarea", "rows": 3, "value": value or ""}
            case Shape.YAML:
                rows = 24 if one.key == "schema" else 8
                return {"kind": "textarea", "rows": rows, "value": yaml_of(value)}
            case Shape.LIMIT:
                words = limit_in_words(value) if value else ""
                return {"value": words, "hint": LIMIT_HINT, "width": "w-12"}
            case Shape.NUMBER:
                return {"kind": "number", "value": _shown(value), "width": "w-4"}
            case Shape.DATE:
                return {"kind": "native_date", "value": _shown(value)}
        return {"value": _shown(value), "width": "w-full"}

    def _choice(self, one: Asked, value: Any) -> dict[str, Any]:
        choices = self._choices_of(one)
        chosen = [*value] if isinstance(value, list | tuple) else [value]
        known = {code for code, _ in choices}
        choices += [(str(v), f"{v}(已经没有)") for v in chosen if v and v not in known]
        if one.shape is Shape.CHOICES:  # what is chosen keeps its order
            choices.sort(key=lambda c: chosen.index(c[0]) if c[0] in chosen else len(chosen))
        if one.shape is Shape.CHOICE and (one.key in REFERENCES or one.is_required):
            choices = [("", "请选择"), *choices]
        options = [{"value": v, "label": word, "selected": v in chosen} for v, word in choices]
        kind = "checkboxes" if one.shape is Shape.CHOICES else "select"
        return {"kind": kind, "options": options}

    def _choices_of(self, one: Asked) -> list[tuple[str, str]]:
        if one.key in LISTED:
            return list(_LISTS[one.key].items())
        if one.key in REFERENCES:
            return self._named(REFERENCES[one.key])
        return [(member.value, member.label) for member in one.inside]

    def _named(self, where: str) -> list[tuple[str, str]]:
        if where == "form":
            schema = self.whole.get("form", {}).get("schema")
            properties = schema.get("properties") if isinstance(schema, dict) else None
            if not isinstance(properties, dict):
                return []
            return [
                (name, str(part.get("title", name)) if isinstance(part, dict) else name)
                for name, part in properties.items()
            ]
        return [(p["code"], title_of(p, n)) for n, p in enumerate(self.whole.get(where) or ())]


_MAY_BE_LEFT = (Shape.LINE, Shape.TEXT, Shape.LINES, Shape.LIMIT, Shape.NUMBER, Shape.YAML)


def _join(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key


def _shown(value: Any) -> Any:
    return "" if value is None else value


def title_of(part: Mapping[str, Any], place: int) -> str:
    """A part by what it is called."""
    own = next((str(part[key]) for key in _NAMES if part.get(key)), f"第 {place + 1} 项")
    return own if len(own) <= _LONGEST else f"{own[:_LONGEST]}…"


def _empty(model: type[BaseModel]) -> dict[str, Any]:
    """A part of which nothing is typed yet, with the model's defaults."""
    found: dict[str, Any] = {}
    for one in asked_of(model):
        if one.shape is Shape.PART:
            found[one.key] = None if one.is_optional else _empty(one.inside)
        elif one.is_required:
            found[one.key] = [] if one.shape in (Shape.PARTS, Shape.LINES, Shape.CHOICES) else ""
        else:
            found[one.key] = model.model_fields[_attribute(model, one.key)].get_default(
                call_default_factory=True
            )
            if isinstance(found[one.key], tuple):
                found[one.key] = []
    assert is_blank(model, found)
    return found


def _attribute(model: type[BaseModel], key: str) -> str:
    return next(n for n, info in model.model_fields.items() if (info.alias or n) == key)
