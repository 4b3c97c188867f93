"""A page's form as a browser without scripts sends it: what stands in it, and what is changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Form(HTMLParser):
    """The fields of the last form with a save button on the page, hidden ones too."""

    def __init__(self, html: str, action: str | None) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._action, self._is_in, self._select, self._area = action, False, "", ""
        self._first, self._has = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = own.get("method") == "post" and "data-unsaved" in own
            self._is_in = posts if self._action is None else own.get("action") == self._action
        elif self._is_in:
            self._field(tag, own)

    def _field(self, tag: str, own: dict[str, str]) -> None:
        name = own.get("name", "")
        if tag == "input" and name:
            kind = own.get("type", "text")
            if kind not in ("checkbox", "radio", "file") or "checked" in own:
                self.fields.setdefault(name, []).append(own.get("value", ""))
        elif tag == "select":
            self._select, self._has, self._first = name, False, ""
        elif tag == "option" and self._select:
            self._first = self._first or own.get("value", "")
            if "selected" in own:
                self._has = True
                self.fields.setdefault(self._select, []).append(own.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            self.fields[self._area][0] = self.fields[self._area][0].removeprefix("\n")
            self._area = ""


def filled(page: HttpResponse, action: str | None = None, **changes: Any) -> dict[str, Any]:
    """The fields of a page's form, with changes; a change to None leaves the field out."""
    found: dict[str, Any] = {**_Form(page.content.decode(), action).fields, **changes}
    return {name: value for name, value in found.items() if value is not None}
