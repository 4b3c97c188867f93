"""Form fields of staff pages: from an item's definition to the shell's field component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from yiwang.apps.cases.operations.desk import Check, Files
from yiwang.apps.catalog.public import Definition, FormField, form_sections
from yiwang.kernel.masking import HIDDEN, MaskKind, mask

Field = dict[str, Any]
Errors = Mapping[str, str]

_WIDGETS = {"photo": "file", "date": "native_date"}
_WIDTHS = {"number": "w-8", "phone": "w-12", "idcard": "w-20", "native_date": "w-12"}
_MASKS = {"phone": MaskKind.PHONE, "idcard": MaskKind.ID_NUMBER}
_PREFILL_MASKS = {
    "person.name": MaskKind.NAME,
    "person.id_number": MaskKind.ID_NUMBER,
    "person.phone": MaskKind.PHONE,
    "person.address": MaskKind.ADDRESS,
}


def field(name: str, label: str, *, of: str = "", **more: Any) -> Field:
    """One field of the component; `of` keeps ids apart where a page has several forms."""
    found = {"name": name, "label": label, "id": f"{of}-{name}" if of else name, **more}
    if found.get("kind") in ("radios", "select", "checkboxes"):
        value = found.get("value")
        chosen = {str(v) for v in value} if isinstance(value, list) else {str(value)}
        found["options"] = [
            {"value": code, "label": title, "selected": str(code) in chosen}
            for code, title in found["options"]
        ]
    return found


def error_list(fields: list[Field]) -> list[dict[str, str]]:
    """The error summary of fields that have one."""
    return [{"text": f["error"], "url": f"#id_{f['id']}"} for f in fields if f.get("error")]


def form_fields(
    definition: Definition, answers: Mapping[str, Any], errors: Errors, *, keep_secret: bool = False
) -> list[dict[str, Any]]:
    """Sections of fields for an item's form.

    With `keep_secret`, sensitive values are not put into the page: an empty field then means
    "as it is" (see `merged`).
    """
    return [
        {
            "title": section.title,
            "hint": section.hint,
            "fields": [_of_form(f, answers, errors, keep_secret) for f in section.fields],
        }
        for section in form_sections(definition)
    ]


def _of_form(part: FormField, answers: Mapping[str, Any], errors: Errors, secret: bool) -> Field:
    kind = _WIDGETS.get(part.widget, part.widget)
    value, hint = answers.get(part.code), part.hint
    if secret and is_secret(part) and value not in (None, ""):
        hint = f"现在是 {masked(part, value)};不改就留空。{part.hint}"
        value = ""
    if isinstance(value, bool):
        value = "true" if value else "false"
    options = part.options
    if kind == "select":
        options = (("", "请选择"), *options)
    return field(
        part.code,
        part.label,
        kind=kind,
        value="" if value is None else value,
        hint=hint,
        error=errors.get(part.code, ""),
        options=options,
        is_optional=not part.required,
        width=_WIDTHS.get(kind, "w-20"),
        maxlength=part.schema.get("maxLength"),
        autocomplete="off",
    )


def is_secret(part: FormField) -> bool:
    """True where staff see the value masked until they give a reason."""
    return part.is_sensitive or part.prefill in _PREFILL_MASKS


def masked(part: FormField, value: object) -> str:
    """The value fit to be shown without a reason."""
    kind = _PREFILL_MASKS.get(part.prefill) or _MASKS.get(part.widget)
    return mask(kind, str(value)) if kind else HIDDEN


def shown(part: FormField, value: object) -> str:
    """An answer in words: titles of options, 是 and 否."""
    titles = dict(part.options)
    if isinstance(value, list):
        return "、".join(titles.get(str(v), str(v)) for v in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return titles.get(str(value), str(value))


def form_rows(
    definition: Definition, answers: Mapping[str, Any], *, is_open: bool
) -> list[dict[str, Any]]:
    """The answers as sections of rows; secret ones masked unless `is_open`."""
    return [
        {"title": section.title, "rows": [_row(f, answers, is_open) for f in section.fields]}
        for section in form_sections(definition)
    ]


def _row(part: FormField, answers: Mapping[str, Any], is_open: bool) -> dict[str, Any]:
    value = answers.get(part.code)
    if value in (None, "", []):
        return {"label": part.label, "is_missing": part.required, "value": "—"}
    text = shown(part, value) if is_open or not is_secret(part) else masked(part, value)
    return {"label": part.label, "value": text}


def merged(
    definition: Definition, before: Mapping[str, Any], typed: Mapping[str, Any]
) -> dict[str, Any]:
    """Typed answers, with secret ones that were left empty as they were before."""
    kept = {
        f.code: before[f.code]
        for section in form_sections(definition)
        for f in section.fields
        if is_secret(f) and f.code in before
    }
    return {**kept, **typed}


def checks_of(posted: Any) -> dict[str, Check]:
    """Ticks (`point-<material>`) and problems (`problem-<material>`) of a posted form."""
    codes = [name.removeprefix("problem-") for name in posted if name.startswith("problem-")]
    return {
        code: Check(
            frozenset(posted.getlist(f"point-{code}")), posted.get(f"problem-{code}", "").strip()
        )
        for code in codes
    }


def files_of(files: Any) -> Files:
    """Uploaded files (`file-<material>`) by material code; empty inputs are left out."""
    found: Files = {}
    for name, upload in files.items():
        if name.startswith("file-") and isinstance(upload, UploadedFile) and upload.size:
            found[name.removeprefix("file-")] = (upload.name or "文件", upload.read())
    return found


def version_of(posted: Any) -> int | None:
    """The version of the case the person saw; None where the form carried none."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
