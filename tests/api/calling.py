"""A program that calls the API as one of the demonstration's people, with cookies and CSRF."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.acting import PDF
from tests.pages.client import signed_in

ROOT = "/api/v1"
ANONYMOUS = ""


class Caller:
    """Calls with the CSRF token that /session gave, as a client of the API has to."""

    def __init__(self, login: str = ANONYMOUS) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if login:
            self.client.cookies = signed_in(login).cookies
        self.token = self.get("/session").json()["csrf_token"]

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            ROOT + path,
            b"" if body is None else _json(body),
            content_type="application/json",
            headers={"X-CSRFToken": self.token, **headers},
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def send(self, path: str, **parts: Any) -> Any:
        """A multipart form."""
        return self.client.post(ROOT + path, parts, headers={"X-CSRFToken": self.token})

    def act(self, case: int, action: str, **body: Any) -> Any:
        """An act with the version this caller sees now; its answer must be 200."""
        seen = self.case(case)["case"]["version"]
        response = self.post(f"/cases/{case}/{action}", {"version": seen, **body})
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def case(self, case: int) -> dict[str, Any]:
        response = self.get(f"/cases/{case}")
        assert response.status_code == 200, response.content.decode()
        return response.json()


def pdf(name: str = "材料.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def _json(body: Any) -> bytes:
    import json

    return json.dumps(body).encode()
