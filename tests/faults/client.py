"""A patient client: signs in by the form, then calls the API, trying again when nobody answers.

That is what a person does whose click got no answer. What the platform acknowledged is written
down; everything else may have happened or not.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from urllib.parse import urlencode

RETRY_FOR = 240.0  # kills go on meanwhile, and a loaded machine recovers slowly


class Client:
    """One signed-in account over one keep-alive connection."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None
        self._sign_in(login, password)

    def _sign_in(self, login: str, password: str) -> None:
        _, body = self.patiently("GET", "/sign-in/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        assert found, "no sign-in form"
        form = urlencode(
            {"csrfmiddlewaretoken": found[1], "login": login, "password": password, "next": "/"}
        )
        status, body = self.patiently(
            "POST", "/sign-in/", form, "application/x-www-form-urlencoded"
        )
        assert status in (302, 303), f"{status} {body[:400]}"

    def post(self, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        """POST JSON until somebody answers; (status, answer)."""
        status, text = self.patiently("POST", path, json.dumps(body), "application/json")
        return status, json.loads(text) if text.startswith("{") else {"text": text}

    def patiently(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, str]:
        """Ask until there is an answer that is not a breakdown of the service (5xx, no answer)."""
        give_up = time.monotonic() + RETRY_FOR
        while True:
            try:
                status, text = self._ask(method, path, body, kind)
                if status < 500:
                    return status, text
                problem = f"{status} {text[:200]}"
                self.connection = None  # it may be a dying server that answers
            except (OSError, http.client.HTTPException) as error:
                problem = repr(error)
                self.connection = None
            assert time.monotonic() < give_up, f"{method} {path}: {problem}"
            time.sleep(0.05)

    def _ask(self, method: str, path: str, body: str, kind: str) -> tuple[int, str]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Referer": f"http://127.0.0.1:{self.port}/",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
        }
        if kind:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body.encode() or None, headers)
        response = self.connection.getresponse()
        for value in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.split(";", 1)[0].strip('"')
        return response.status, response.read().decode()
