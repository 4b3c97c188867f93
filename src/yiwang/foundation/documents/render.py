"""Rendering a document to PDF/A-2b with typst: same input, same fonts, same bytes.

Measured on two cores with a 15 MB font: a letter 10 to 20 ms once the fonts are loaded,
0.3 s for the first of a process, and 1.5 s once more at the first character that is in none of
the preferred fonts, when the others are read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from yiwang.foundation.documents.content import Document
from yiwang.foundation.documents.fonts import CODE_END, CODE_START, FontSet
from yiwang.foundation.documents.payload import payload

TEMPLATES = Path(__file__).with_name("templates_typst")
_STANDARDS: list[Any] = ["a-2b"]
# Not text: an image's source and bytes.
_OPAQUE = frozenset({"qr", "photo"})


class RenderError(RuntimeError):
    """Typst could not set the document even with its first font alone."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF/A-2b file, and the characters printed as codes because no font has them."""

    pdf: bytes
    missing: frozenset[str]


def render(document: Document, fonts: FontSet) -> Rendered:
    """Print `document`.

    Its texts go to typst as JSON data, never as markup: `#panic[]` prints as `#panic[]`. The
    file's date is `made_on` at 00:00 UTC, which is the same day in Beijing. Where a font
    promises a glyph and fails (a mark on a base of another font), a second attempt prints all
    but the first font's characters as codes. Raises `RenderError` where that fails too (a
    damaged photo).
    """
    try:
        return _attempt(document, fonts, first_choice_only=False)
    except typst.TypstError:
        try:
            return _attempt(document, fonts, first_choice_only=True)
        except typst.TypstError as error:
            raise RenderError(error.message) from error


def _attempt(document: Document, fonts: FontSet, *, first_choice_only: bool) -> Rendered:
    missing: set[str] = set()

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            text, unprintable = fonts.printable(value, first_choice_only=first_choice_only)
            missing.update(unprintable)
            return text
        if isinstance(value, dict):
            return {k: v if k in _OPAQUE else clean(v) for k, v in value.items()}
        return [clean(part) for part in value] if isinstance(value, list) else value

    data = clean(payload(document))
    data["families"] = list(fonts.families)
    data["code_marks"] = [CODE_START, CODE_END]
    compiler = typst.Compiler(
        TEMPLATES / f"{document.kind.rule.layout}.typ",
        root=TEMPLATES,
        font_paths=fonts.typst,
        sys_inputs={"data": json.dumps(data)},
    )
    # The warnings (an unknown family, say) are of no use to a clerk and never an obstacle.
    pdf, _warnings = compiler.compile_with_warnings(
        format="pdf",
        pdf_standards=_STANDARDS,
        timestamp=datetime.combine(document.made_on, time(), UTC),
    )
    if not isinstance(pdf, bytes):
        raise RenderError("typst gave no file")
    return Rendered(pdf, frozenset(missing))
