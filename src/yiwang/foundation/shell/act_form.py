"""One form for one act: shown, tried, shown again with what was typed and what to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.machine import TransitionNotAllowedError

TEMPLATE = "shell/act.html"
STAFF, PORTAL = "shell/staff.html", "shell/portal.html"
Fields = Callable[[Mapping[str, str]], list[dict[str, Any]]]


@dataclass
class ActForm:
    """`invalid` errors carry `.fields`; `refused` ones a `.message` why it cannot be done now, or
    `.fields` too where it is what was typed."""

    title: str
    button: str
    done: str
    back: str
    fields: Fields
    invalid: tuple[type[Exception], ...]
    refused: tuple[type[Exception], ...]
    layout: str = STAFF
    about: Sequence[tuple[str, str]] = ()
    note: str = ""
    closed: str = ""
    confirm: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    def answer(self, request: HttpRequest, act: Callable[[datetime], object]) -> HttpResponse:
        """The page, or after the act the way back."""
        if request.method != "POST":
            return self._page(request, {}, 200)
        try:
            act(request.at)  # type: ignore[attr-defined]
        except self.invalid as error:
            return self._page(request, getattr(error, "fields", {}), 422)
        except TransitionNotAllowedError as error:
            return self._closed(request, error.message)
        except self.refused as error:
            if fields := getattr(error, "fields", None):
                return self._page(request, fields, 422)
            return self._closed(request, str(getattr(error, "message", error)))
        messages.success(request, self.done)
        response = HttpResponse(status=303)
        response.headers["Location"] = self.back
        return response

    def _closed(self, request: HttpRequest, why: str) -> HttpResponse:
        self.closed = why
        return self._page(request, {}, 409)

    def _page(self, request: HttpRequest, problems: Mapping[str, str], status: int) -> HttpResponse:
        typed = {name: str(value) for name, value in request.POST.items()}
        fields = self.fields(typed)
        for one in fields:
            one["error"] = problems.get(one["name"], "")
        named = {one["name"] for one in fields}
        errors = [
            {"text": text, "url": f"#id_{name}" if name in named else ""}
            for name, text in problems.items()
        ]
        context = {"form": self, "fields": fields, "errors": errors, **self.context}
        return render(request, TEMPLATE, context, status=status)


def textarea(name: str, label: str, typed: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "kind": "textarea",
        "rows": 4,
        "maxlength": 2000,
        "value": typed.get(name, more.pop("value", "")),
        **more,
    }


def line(name: str, label: str, typed: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "value": typed.get(name, more.pop("value", "")), **more}


def radios(
    name: str,
    label: str,
    typed: Mapping[str, str],
    choices: Sequence[tuple[str, str, str]],
    **more: Any,
) -> dict[str, Any]:
    """`choices`: (value, label, hint)."""
    chosen = typed.get(name, more.pop("value", ""))
    return {
        "name": name,
        "label": label,
        "kind": "radios",
        "options": [
            {"value": value, "label": word, "hint": hint, "selected": value == chosen}
            for value, word, hint in choices
        ],
        **more,
    }


def select(
    name: str, label: str, typed: Mapping[str, str], choices: Iterable[tuple[str, str]], **more: Any
) -> dict[str, Any]:
    """`choices`: (value, label); one with an empty value is what nobody has chosen yet."""
    chosen = typed.get(name, more.pop("value", ""))
    options = [{"value": v, "label": word, "selected": v == chosen} for v, word in choices]
    return {"name": name, "label": label, "kind": "select", "options": options, **more}


def checkboxes(
    name: str, label: str, chosen: Iterable[str], choices: Iterable[tuple[str, str]], **more: Any
) -> dict[str, Any]:
    """`choices`: (value, label). `typed` keeps one value of a name, so `chosen` is given whole."""
    held = set(chosen)
    options = [{"value": v, "label": word, "selected": v in held} for v, word in choices]
    return {"name": name, "label": label, "kind": "checkboxes", "options": options, **more}


def day(name: str, label: str, typed: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "kind": "native_date",
        "value": typed.get(name, more.pop("value", "")),
        **more,
    }


def posted_day(request: HttpRequest, name: str) -> date | None:
    """The day typed, or None where it is none."""
    try:
        return date.fromisoformat(request.POST.get(name, "").strip())
    except ValueError:
        return None
