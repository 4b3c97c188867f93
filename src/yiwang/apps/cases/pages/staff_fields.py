"""Form fields of staff pages: from an item's definition to the shell's field component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from yiwang.apps.cases.operations.desk import Check, Files
from yiwang.apps.cases.pages.fields import answer_text, field_rows
from yiwang.apps.catalog.public import Definition, FormField, form_sections
from yiwang.kernel.masking import HIDDEN, MaskKind, mask

Field = dict[str, Any]
Errors = Mapping[str, str]

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
            "fields": [
                _of_form(part, row, keep_secret)
                for part, row in zip(
                    section.fields,
                    field_rows(definition, section, answers, errors=errors),
                    strict=True,
                )
            ],
        }
        for section in form_sections(definition)
    ]


def _of_form(part: FormField, row: Field, keep_secret: bool) -> Field:
    row = {**row, "id": part.code, "autocomplete": "off"}
    value = row["value"]
    if keep_secret and is_secret(part) and value not in (None, ""):
        row["hint"] = f"现在是 {masked(part, value)};不改就留空。{row['hint']}"
        row["value"] = ""
    return row


def is_secret(part: FormField) -> bool:
    """True where staff see the value masked until they give a reason."""
    return part.is_sensitive or part.prefill in _PREFILL_MASKS


def masked(part: FormField, value: object) -> str:
    """The value fit to be shown without a reason."""
    kind = _PREFILL_MASKS.get(part.prefill) or _MASKS.get(part.widget)
    return mask(kind, str(value)) if kind else HIDDEN


def form_rows(
    definition: Definition, answers: Mapping[str, Any], *, is_open: bool
) -> list[dict[str, Any]]:
    """The answers as sections of rows; secret ones masked unless `is_open`."""
    return [
        {
            "title": section.title,
            "rows": [
                _row(f, answers, is_open)
                for f in section.fields
                if f.code in answers or f.is_asked(answers)
            ],
        }
        for section in form_sections(definition)
    ]


def _row(part: FormField, answers: Mapping[str, Any], is_open: bool) -> dict[str, Any]:
    value = answers.get(part.code)
    if value in (None, "", []):
        return {"label": part.label, "is_missing": part.required, "value": "—"}
    is_hidden = is_secret(part) and not is_open
    text = masked(part, value) if is_hidden else answer_text(part, value)
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
