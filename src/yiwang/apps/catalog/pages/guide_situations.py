"""The visitor's situation: the answers that narrow the list of materials, and the words for it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from yiwang.apps.catalog.domain.definition import Definition, MaterialDefinition
from yiwang.apps.catalog.forms import FormField, form_sections

Answers = dict[str, Any]


def asked_fields(definition: Definition) -> list[FormField]:
    """The fields of the item's own form that conditions of materials ask about, in its order."""
    wanted = {when.field for material in definition.materials for when in material.when}
    fields = [field for section in form_sections(definition) for field in section.fields]
    return [field for field in fields if field.code in wanted and field.options]


def answers_of(definition: Definition, query: QueryDict) -> Answers:
    """What the address says of the situation; an answer the form does not offer is not given."""
    found: Answers = {}
    for field in asked_fields(definition):
        offered = {value for value, _ in field.options}
        given = [text for text in query.getlist(field.code) if text in offered]
        if not given:
            continue
        match field.schema.get("type"):
            case "boolean":
                found[field.code] = given[0] == "true"
            case "array":
                found[field.code] = given
            case _:
                found[field.code] = given[0]
    return found


def as_pairs(answers: Answers) -> list[tuple[str, str]]:
    """The answers as parts of an address."""
    return [(code, text) for code, answer in answers.items() for text in _as_texts(answer)]


def choices(definition: Definition, answers: Answers) -> list[dict[str, Any]]:
    """The questions of the chooser as fields of a page."""
    return [_choice(field, answers) for field in asked_fields(definition)]


def _choice(field: FormField, answers: Answers) -> dict[str, Any]:
    given = _as_texts(answers.get(field.code))
    is_several = field.schema.get("type") == "array"
    offered = list(field.options) if is_several else [("", "请选择"), *field.options]
    return {
        "name": field.code,
        "id": f"situation-{field.code}",
        "label": field.label,
        "kind": "checkboxes" if is_several else "select",
        "width": "w-full",
        "options": [
            {"value": value, "label": label, "selected": value in given} for value, label in offered
        ],
    }


def _as_texts(answer: Any) -> list[str]:
    """An answer as the values that a page posts."""
    if answer is None:
        return []
    many = answer if isinstance(answer, list) else [answer]
    return [{True: "true", False: "false"}[v] if isinstance(v, bool) else str(v) for v in many]


def condition_in_words(definition: Definition, material: MaterialDefinition) -> str:
    """When a material is asked: 「户籍所在地」选“外省”时; the author's own words come first."""
    if material.required_when or not material.when:
        return material.required_when
    fields = {field.code: field for field in asked_fields(definition)}
    parts = []
    for when in material.when:
        field = fields.get(when.field)
        if field is not None:
            titles = dict(field.options)
            named = [titles.get(text, text) for v in when.values for text in _as_texts(v)]
            parts.append(f"「{field.label}」选“{'”或“'.join(named)}”")
    return f"{',或者'.join(parts)}时" if parts else ""


def is_open(material: MaterialDefinition, answers: Answers) -> bool:
    """True where the answers given do not settle whether the material is asked."""
    return (
        bool(material.when)
        and not material.is_asked(answers)
        and any(when.field not in answers for when in material.when)
    )


def is_out(material: MaterialDefinition, answers: Answers) -> bool:
    """True where the answers given say that the material is not asked."""
    return bool(material.when) and not material.is_asked(answers) and not is_open(material, answers)
