"""A part of a definition from what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import BaseModel

from yiwang.apps.catalog.domain.yaml_text import read_typed_yaml
from yiwang.apps.catalog.plain.shapes import Asked, Shape, asked_of
from yiwang.apps.catalog.plain.values import limit_typed, value_of

MOST = 200  # parts of one list that a page may post
_STEMS = {
    "points": "point",
    "pause_grounds": "ground",
    "refusals": "refusal",
    "route": "step",
    "procedures": "procedure",
    "commitments": "commitment",
    "materials": "material",
}


class Reading:
    """Reads posted fields; `wrong` collects what is no value at all, by field name."""

    def __init__(self, posted: Any) -> None:
        self.posted = posted
        self.wrong: dict[str, str] = {}

    def part(self, model: type[BaseModel], prefix: str) -> dict[str, Any]:
        return {one.key: self.value(one, f"{prefix}.{one.key}") for one in asked_of(model)}

    def value(self, one: Asked, name: str) -> Any:
        match one.shape:
            case Shape.PART:
                return self._one_part(one, name)
            case Shape.PARTS:
                return self._parts(one, name)
            case Shape.CHOICES:
                return self.posted.getlist(name)
            case Shape.SWITCH:
                return name in self.posted
            case Shape.YAML:
                return self._yaml(one, name)
        text = (self.posted.get(name) or "").replace("\r\n", "\n").strip()
        return self._plain(one, text)

    def _plain(self, one: Asked, text: str) -> Any:
        match one.shape:
            case Shape.LINES:
                lines = [line.strip() for line in text.split("\n") if line.strip()]
                return [value_of(line) for line in lines] if one.key == "values" else lines
            case Shape.LIMIT:
                return limit_typed(text)
            case Shape.NUMBER:
                is_number = text.isascii() and text.isdigit() and len(text) < 10
                return int(text) if is_number else (text or None)
            case Shape.DATE:
                return text or None
        return text or (None if one.is_optional else "")

    def _one_part(self, one: Asked, name: str) -> dict[str, Any] | None:
        if one.is_optional and f"{name}.has" not in self.posted:
            return None
        return self.part(one.inside, name)

    def _parts(self, one: Asked, name: str) -> list[dict[str, Any]]:
        """In the order typed; a part left empty or ticked away is none."""
        text = self.posted.get(f"{name}.count") or "0"
        count = min(int(text), MOST) if text.isascii() and text.isdigit() else 0
        found: list[tuple[float, dict[str, Any]]] = []
        for place in range(count):
            inside = f"{name}.{place}"
            if f"{inside}.drop" in self.posted:
                continue
            part = self.part(one.inside, inside)
            if not is_blank(one.inside, part):
                order = self.posted.get(f"{inside}.order") or ""
                found.append((int(order) if order.isascii() and order.isdigit() else place, part))
        found.sort(key=lambda pair: pair[0])
        parts = [part for _, part in found]
        give_codes(one.key, parts)
        return parts

    def _yaml(self, one: Asked, name: str) -> Any:
        """The mapping typed; a text that is none stays as it was typed, to be shown again."""
        text = (self.posted.get(name) or "").replace("\r\n", "\n").strip()
        if not text:
            return None if one.is_optional else {}
        try:
            found = read_typed_yaml(text)
        except yaml.YAMLError:
            self.wrong[name] = "这段内容的格式(YAML)读不出来,请检查缩进和冒号。"
            return text
        if not isinstance(found, dict):
            self.wrong[name] = "请写成「名称: 值」的形式,一行一个。"
            return text
        return found


def is_blank(model: type[BaseModel], part: Mapping[str, Any]) -> bool:
    """True where nothing was typed: what is only chosen or ticked does not make a part."""
    for one in asked_of(model):
        value = part[one.key]
        if one.shape is Shape.PART:
            if value and not is_blank(one.inside, value):
                return False
        elif one.shape is Shape.PARTS:
            if value:
                return False
        elif one.shape in _TYPED and value not in (None, "", [], {}, one.default):
            return False
    return True


_TYPED = (Shape.LINE, Shape.TEXT, Shape.LINES, Shape.LIMIT, Shape.NUMBER, Shape.DATE, Shape.YAML)


def give_codes(key: str, parts: list[dict[str, Any]]) -> None:
    """A new part gets a code that no other of its list has; one that has a code keeps it."""
    taken = {part["code"] for part in parts if part.get("code")}
    number = len(parts)
    for part in parts:
        if "code" in part and not part["code"]:
            while (code := f"{_STEMS.get(key, 'part')}_{number}") in taken:
                number += 1
            part["code"] = code
            taken.add(code)
