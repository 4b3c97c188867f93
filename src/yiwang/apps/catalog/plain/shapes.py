"""How a field of a definition's model is asked on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from yiwang.apps.catalog.domain.parts import LimitText

LONG = frozenset(
    {"summary", "text", "answer", "advice", "note", "hint", "excluded_note", "consequence"}
    | {"alias_note", "visit_reason", "standard"}
)
_LIMIT = get_args(LimitText)[1]


class Shape(StrEnum):
    LINE = "LINE"
    TEXT = "TEXT"
    LINES = "LINES"  # a text area, one a line
    LIMIT = "LIMIT"
    NUMBER = "NUMBER"
    DATE = "DATE"
    SWITCH = "SWITCH"
    CHOICE = "CHOICE"
    CHOICES = "CHOICES"
    YAML = "YAML"
    PART = "PART"
    PARTS = "PARTS"


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: its key in a package, its shape, and the model or enumeration inside.

    `is_optional`: None may be the value; `is_required`: the model has no default.
    """

    key: str
    shape: Shape
    inside: Any = None
    is_optional: bool = False
    is_required: bool = False
    default: Any = None


def asked_of(model: type[BaseModel]) -> list[Asked]:
    """Every field of a model, in the order of its definition."""
    return [_asked(info.alias or name, info) for name, info in model.model_fields.items()]


def _asked(key: str, info: FieldInfo) -> Asked:
    kind, is_optional = _bare(info.annotation)
    shape, inside = _shape(key, kind, info)
    return Asked(key, shape, inside, is_optional, info.is_required(), info.get_default())


def _bare(kind: Any) -> tuple[Any, bool]:
    """Without `Annotated` and 「or None」, and whether None was among them."""
    is_optional = False
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind):
            kind = next(part for part in get_args(kind) if part is not type(None))
            is_optional = True
        else:
            return kind, is_optional


def _shape(key: str, kind: Any, info: FieldInfo) -> tuple[Shape, Any]:
    if get_origin(kind) is tuple:
        return _shape_of_many(key, _bare(get_args(kind)[0])[0])
    if get_origin(kind) is dict or kind is dict:
        return Shape.YAML, None
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return Shape.PART, kind
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Shape.CHOICE, kind
    plain = {bool: Shape.SWITCH, int: Shape.NUMBER, date: Shape.DATE}
    if kind in plain:
        return plain[kind], None
    if key == "days" or any(_LIMIT.metadata == [part] for part in info.metadata):
        return Shape.LIMIT, None
    if key in REFERENCES or key in LISTED:
        return Shape.CHOICE, None
    return (Shape.TEXT if key in LONG else Shape.LINE), None


def _shape_of_many(key: str, inner: Any) -> tuple[Shape, Any]:
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return Shape.PARTS, inner
    if isinstance(inner, type) and issubclass(inner, Enum):
        return Shape.CHOICES, inner
    if key in REFERENCES or key in LISTED:
        return Shape.CHOICES, None
    return Shape.LINES, None


# Fields whose values are codes of other parts of the same definition, and of closed lists.
REFERENCES = {
    "after": "route",
    "skips": "route",
    "replaces": "materials",
    "pause_ground": "pause_grounds",
    "fields": "form",
    "field": "form",
}
LISTED = frozenset({"delivery", "job"})
