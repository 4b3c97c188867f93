"""Clients for tests: made by the two administrators, calling with a token, and a receiver."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from tests.acting import actor

from yiwang.apps.partners import clients
from yiwang.apps.partners.clients import Proposal
from yiwang.apps.partners.models import ApiClient
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

SECURITY, SYSTEM = "qin-security", "zhu-system"
EVERYWHERE = ("127.0.0.0/8",)
ALL = (
    "cases.read",
    "cases.act",
    "cases.decide",
    "cases.report_back",
    "events.read",
    "events.subscribe",
)


def proposal(
    organ: str = "taolin-market",
    scopes: tuple[str, ...] = ALL,
    networks: tuple[str, ...] = EVERYWHERE,
    **more: Any,
) -> Proposal:
    values: dict[str, Any] = {
        "name": "市场监管业务系统",
        "organ_slug": organ,
        "owner_login": "luo-liaison",
        "contact": "罗联络 0000-12345678",
        "scopes": scopes,
        "networks": networks,
        "valid_until": civil_date(now()) + timedelta(days=300),
    }
    return Proposal(**(values | more))


def client_of(at: datetime, **more: Any) -> tuple[ApiClient, str]:
    """An active client with its key."""
    row = clients.propose(proposal(**more), actor=actor(SECURITY, at), at=at)
    secret = clients.confirm(client_id=row.pk, actor=actor(SYSTEM, at), at=at)
    row.refresh_from_db()
    return row, secret


class System:
    """A department's system with a token; no cookies are kept."""

    def __init__(self, client: ApiClient, secret: str, scope: str = "") -> None:
        self.client = client
        answer = token_answer(client, secret, scope=scope)
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return Client().generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)


def token_answer(client: ApiClient, secret: str, *, scope: str = "", **meta: Any) -> Any:
    form = {
        "grant_type": "client_credentials",
        "client_id": client.identifier,
        "client_secret": secret,
    }
    if scope:
        form["scope"] = scope
    return Client().post(
        "/api/v1/token", urlencode(form), "application/x-www-form-urlencoded", **meta
    )


class Receiver:
    """What arrived, and what is answered."""

    def __init__(self) -> None:
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.url = ""
        self.location = ""

    def names(self) -> list[str]:
        return [json.loads(body)["name"] for _, body in self.seen]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A real HTTP server on a port of its own."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.seen.append((dict(self.headers.items()), body))
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/in"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
