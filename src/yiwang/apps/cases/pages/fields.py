"""The fields of an item's form as the shell's components show them, with what is filled already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yiwang.apps.cases.models import Draft
from yiwang.apps.catalog.public import Definition, FormField, Section, When, read_posted
from yiwang.apps.people.public import Party
from yiwang.kernel.masking import mask_address, mask_id_number, mask_name, mask_phone

KINDS = {"date": "native_date", "photo": "text"}
WIDTHS = {"number": "w-12", "phone": "w-12", "idcard": "w-20", "native_date": "w-12"}
PERSON_SOURCE, ORGANISATION_SOURCE = "您的实名信息", "单位登记信息"
SAYS_WHEN = re.compile("[的时]填写")


def prefill(definition: Definition, *, applicant: Party, person: Party | None) -> dict[str, Any]:
    """Answers that the city knows: x-prefill person.* and organisation.* of the form's schema."""
    found = {}
    for name, schema in definition.form.schema_.get("properties", {}).items():
        source, _, attribute = schema.get("x-prefill", "").partition(".")
        party = _party(source, applicant, person)
        value = _value(party, attribute) if party is not None else ""
        if value:
            found[name] = value
    return found


def _party(source: str, applicant: Party, person: Party | None) -> Party | None:
    if source == "organisation":
        return None if applicant.is_natural else applicant
    if source == "person":
        return applicant if applicant.is_natural else person
    return None


def _value(party: Party, attribute: str) -> str:
    if attribute in ("id_number", "uscc"):
        return str(party.paper_number)
    if attribute == "paper_kind":
        return str(party.paper_kind)
    if attribute in ("name", "phone"):
        return str(getattr(party, attribute) or "")
    return str((party.details or {}).get(attribute) or "")


def draft_prefill(draft: Draft, definition: Definition) -> dict[str, Any]:
    """What a draft was filled with, to mark fields that still say the same."""
    return prefill(definition, applicant=draft.applicant, person=draft.filed_by)


def field_rows(
    definition: Definition,
    section: Section,
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    known: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Fields of one section for shell/components/field.html."""
    errors, known = errors or {}, known or {}
    properties = definition.form.schema_.get("properties", {})
    return [
        {
            "name": field.code,
            "label": field.label,
            "kind": _kind(field),
            "value": values.get(field.code, ""),
            "options": _options(field, values.get(field.code)),
            "is_optional": not field.required and field.when is None,
            "hint": _hint(field, _condition(field.when, properties)),
            "error": errors.get(field.code, ""),
            "asked_after": field.when.field if field.when else "",
            "asked_values": "|".join(map(_as_text, field.when.values)) if field.when else "",
            "prefilled": _source(field, values, known),
            "width": WIDTHS.get(_kind(field), "w-full"),
            "maxlength": field.schema.get("maxLength"),
        }
        for field in section.fields
    ]


def _kind(field: FormField) -> str:
    """The component's kind; an undertaking, which has no other answer, is one box to tick."""
    return "confirm" if _is_undertaking(field.schema) else KINDS.get(field.widget, field.widget)


def _is_undertaking(schema: Mapping[str, Any]) -> bool:
    return schema.get("const") is True


def _hint(field: FormField, condition: str) -> str:
    """When the field is needed, and the item's own words; these alone where they say when."""
    parts = (field.hint,) if SAYS_WHEN.search(field.hint) else (condition, field.hint)
    return "。".join(part.rstrip("。") for part in parts if part)


def _source(
    field: FormField, values: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, str] | None:
    """The mark of a field that still holds what the city knows."""
    if not known.get(field.code) or values.get(field.code) != known[field.code]:
        return None
    is_person = field.prefill.startswith("person")
    return {"source": PERSON_SOURCE if is_person else ORGANISATION_SOURCE}


def _options(field: FormField, value: Any) -> list[dict[str, Any]]:
    chosen = value if isinstance(value, list) else [_as_text(value)]
    rows = [
        {"value": code, "label": label, "selected": code in chosen} for code, label in field.options
    ]
    if field.widget == "select":
        return [{"value": "", "label": "请选择", "selected": not any(chosen)}, *rows]
    return rows


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _condition(when: When | None, properties: Mapping[str, Any]) -> str:
    """After which answer a field is asked for, in words."""
    if when is None:
        return ""
    schema = properties.get(when.field, {})
    titles = _titles(schema)
    words = "或".join(f"“{titles.get(_as_text(value), value)}”" for value in when.values)
    return f"「{schema.get('title', when.field)}」选{words}时填写"


def _titles(schema: Mapping[str, Any]) -> dict[str, str]:
    if _is_undertaking(schema):
        return {"true": "已确认"}
    if schema.get("type") == "boolean":
        return {"true": "是", "false": "否"}
    if schema.get("type") == "array":
        return _titles(schema.get("items", {}))
    return {
        _as_text(option["const"]): str(option.get("title", option["const"]))
        for option in schema.get("oneOf", ())
    }


def answer_text(field: FormField, value: Any, *, masked: bool = False) -> str:
    """One answer as people read it; sensitive ones masked where asked."""
    if value in (None, "", []):
        return ""
    titles = _titles(field.schema)
    if isinstance(value, list):
        return "、".join(titles.get(_as_text(v), str(v)) for v in value)
    text = titles.get(_as_text(value), _as_text(value))
    if not masked or not field.is_sensitive:
        return text
    return _masked(field, text)


def _masked(field: FormField, text: str) -> str:
    if field.widget == "phone":
        return mask_phone(text)
    if field.prefill.endswith("address"):
        return mask_address(text)
    if field.prefill.endswith("name"):
        return mask_name(text)
    return mask_id_number(text)


def posted_section(definition: Definition, section: Section, posted: Any) -> dict[str, Any]:
    """The answers of one section; None where a field was left or made blank."""
    answers = read_posted(definition, posted)
    return {field.code: answers.get(field.code) for field in section.fields}


def answer_rows(
    section: Section, values: Mapping[str, Any], *, change_url: str = "", masked: bool = False
) -> list[dict[str, Any]]:
    """The answers of one section for shell/components/definition_list.html."""
    rows = []
    for field in section.fields:
        text = answer_text(field, values.get(field.code), masked=masked)
        if not text and not (field.required or (change_url and field.is_asked(values))):
            continue
        rows.append(
            {
                "label": field.label,
                "value": text or "没有填写(选填)",
                "is_missing": not text and field.required,
                "change_url": f"{change_url}#id_{field.code}" if change_url else "",
            }
        )
    return rows
