"""Small parts of every answer to a form."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: whatever was posted, look there now; a reload posts nothing again."""

    status_code = 303


def see_other(url: str) -> HttpResponse:
    return SeeOther(url)


def error_rows(errors: Mapping[str, str]) -> list[dict[str, str]]:
    """Field errors for shell/components/error_summary.html."""
    return [{"text": text, "url": f"#id_{name}"} for name, text in errors.items()]


def groups(text: str, size: int = 8) -> list[str]:
    """A long number in groups, so that a narrow page may break it between them."""
    return [text[i : i + size] for i in range(0, len(text), size)]


def version_of(text: str) -> int | None:
    """The hidden `version` of a form; None for anything that is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
