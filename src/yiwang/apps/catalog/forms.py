"""One validator for a form, wherever it comes from: page, API, import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.special import When
from yiwang.kernel.identifiers import papers
from yiwang.kernel.identifiers.kinds import PaperKind

_FORMATS = FormatChecker(formats=[])


@_FORMATS.checks("date")
def _is_date(value: object) -> bool:
    try:
        return not isinstance(value, str) or bool(date.fromisoformat(value))
    except ValueError:
        return False


@_FORMATS.checks("resident-id")
def _is_resident_id(value: object) -> bool:
    return not isinstance(value, str) or papers.is_valid(PaperKind.RESIDENT_ID, value)


@_FORMATS.checks("uscc")
def _is_uscc(value: object) -> bool:
    return not isinstance(value, str) or papers.is_valid(PaperKind.USCC, value)


@_FORMATS.checks("phone")
def _is_phone(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?", value)
    )


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing to mend: the field's code and what to do, in Chinese."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One field as a page shows it."""

    code: str
    label: str
    widget: str
    required: bool
    hint: str
    options: tuple[tuple[str, str], ...]
    prefill: str
    is_sensitive: bool
    schema: dict[str, Any]
    when: When | None = None

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        """False where the form asks for it only after an answer that was not given."""
        return self.when is None or self.when.holds(dict(answers))


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    hint: str
    fields: tuple[FormField, ...]


def form_sections(definition: Definition) -> tuple[Section, ...]:
    """The form as sections of fields, in the order it is asked."""
    schema = definition.form.schema_
    required = set(schema.get("required", ()))
    whens = conditions(schema)
    return tuple(
        Section(
            section.title,
            section.hint,
            tuple(
                _field(code, schema["properties"][code], required, whens.get(code))
                for code in section.fields
            ),
        )
        for section in definition.form.sections
    )


def conditions(schema: dict[str, Any]) -> dict[str, When]:
    """Field → the answer after which the schema's if/then rules ask for it."""
    found = {}
    for rule in schema.get("allOf", ()):
        for asked, condition in rule.get("if", {}).get("properties", {}).items():
            values = tuple(condition.get("enum") or [condition.get("const")])
            for name in rule.get("then", {}).get("required", ()):
                found[name] = When(field=asked, values=values)
    return found


def _field(code: str, schema: dict[str, Any], required: set[str], when: When | None) -> FormField:
    return FormField(
        code=code,
        label=schema.get("title", code),
        widget=_widget(schema),
        required=code in required,
        hint=schema.get("description", ""),
        options=_options(schema),
        prefill=schema.get("x-prefill", ""),
        is_sensitive=bool(schema.get("x-sensitive")),
        schema=schema,
        when=when,
    )


def _widget(schema: dict[str, Any]) -> str:
    if widget := schema.get("x-widget"):
        return str(widget)
    if "enum" in schema or "oneOf" in schema:
        return "radios" if len(_options(schema)) <= 5 else "select"
    if schema.get("type") in ("integer", "number"):
        return "number"
    if schema.get("type") == "boolean":
        return "radios"
    if schema.get("type") == "array":
        return "checkboxes"
    return {"date": "date", "phone": "phone", "resident-id": "idcard"}.get(
        schema.get("format", ""), "text"
    )


def _options(schema: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    if schema.get("const") is True:
        return (("true", "我确认"),)  # an undertaking has no other answer
    if schema.get("type") == "boolean":
        return (("true", "是"), ("false", "否"))
    if schema.get("type") == "array":
        return _options(schema.get("items", {}))
    if "oneOf" in schema:
        return tuple((str(o["const"]), str(o.get("title", o["const"]))) for o in schema["oneOf"])
    return tuple((str(value), str(value)) for value in schema.get("enum", ()))


def read_posted(definition: Definition, posted: Any) -> dict[str, Any]:
    """Answers of a posted form (a QueryDict), typed by the schema; blanks are left out.

    A number that is not one stays the text that was typed, for the validator to explain and the
    page to show again.
    """
    answers: dict[str, Any] = {}
    for section in form_sections(definition):
        for field in section.fields:
            if field.widget == "checkboxes":
                value: Any = [v for v in posted.getlist(field.code) if v]
            else:
                value = _typed(field.schema, posted.get(field.code, "").strip())
            if value not in ("", [], None):
                answers[field.code] = value
    return answers


def _typed(schema: dict[str, Any], text: str) -> Any:
    match schema.get("type"):
        case "integer" if re.fullmatch(r"-?\d{1,15}", text):
            return int(text)
        case "number" if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text):
            number = float(text)
            return int(number) if number.is_integer() else number
        case "boolean" if text in ("true", "false"):
            return text == "true"
    return text


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """The validator of a form's schema: the same on a page, in the API and on import."""
    return Draft202012Validator(schema, format_checker=_FORMATS)


def check_form(definition: Definition, answers: dict[str, Any]) -> list[FormProblem]:
    """What has to be mended before the answers can be handed in; at most one a field."""
    found: dict[str, FormProblem] = {}
    properties = definition.form.schema_.get("properties", {})
    for error in validator(definition.form.schema_).iter_errors(answers):
        for problem in _problems(error, properties):
            found.setdefault(problem.field, problem)
    return list(found.values())


def _problems(error: ValidationError, properties: dict[str, Any]) -> list[FormProblem]:
    schema_value: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "required":
        missing = [name for name in schema_value if name not in instance]
        return [FormProblem(name, _ask(properties.get(name, {}), name)) for name in missing]
    if error.validator == "additionalProperties":
        extra = [name for name in instance if name not in properties]
        return [FormProblem(name, "表单里没有这一项,请去掉。") for name in extra]
    name = str(error.absolute_path[0]) if error.absolute_path else ""
    if error.context and error.validator in ("allOf", "if", "then", "else"):
        return [p for part in error.context for p in _problems(part, properties)]
    return [FormProblem(name, _message(error, _label(name, properties)))]


def _ask(schema: dict[str, Any], name: str) -> str:
    """What to do about an answer that is missing."""
    verb = "确认" if "const" in schema else "选择" if _options(schema) else "填写"
    return f"请{verb}:{schema.get('title', name)}。"


def _label(name: str, properties: dict[str, Any]) -> str:
    return str(properties.get(name, {}).get("title", name))


def _message(error: ValidationError, label: str) -> str:
    value = error.validator_value
    messages = {
        "type": f"{label}的格式不对,请按提示填写。",
        "minLength": f"{label}太短,至少 {value} 个字。",
        "maxLength": f"{label}太长,最多 {value} 个字。",
        "minimum": f"{label}不能小于 {value}。",
        "maximum": f"{label}不能大于 {value}。",
        "enum": f"请从列出的选项中选择{label}。",
        "oneOf": f"请从列出的选项中选择{label}。",
        "pattern": f"{label}的格式不对,请核对后重填。",
        "const": f"请确认:{label}。",
        "minItems": f"{label}至少选择 {value} 项。",
    }
    if error.validator == "format":
        return _FORMAT_MESSAGES.get(str(value), "{label}的格式不对。").format(label=label)
    return messages.get(str(error.validator), f"{label}需要修改。")


_FORMAT_MESSAGES = {
    "date": "{label}要写成 2026-11-21 这样的日期。",
    "resident-id": "{label}不是有效的 18 位身份证号码,请对照证件核对。",
    "uscc": "{label}不是有效的 18 位统一社会信用代码,请对照营业执照核对。",
    "phone": "{label}应为 11 位手机号码,或带区号的固定电话。",
}
