"""The site itself on a port, in the test's own transaction; and a provider that can lie."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from joserfc import jwt
from joserfc.jwk import RSAKey

from yiwang.apps.people import outside_provider
from yiwang.foundation.clockwork import real_now
from yiwang.foundation.environment import environment

BACK = "https://site.example.gov.cn/back"


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Our own site over HTTP; its address is then the deployment's public one."""
    shared, handler = connections["default"], WSGIHandler()

    def application(environ: Any, start: Any) -> Any:
        connections["default"] = shared
        return handler(environ, start)

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            return

    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    url = f"http://127.0.0.1:{server.server_port}"
    be_at(url, monkeypatch)
    shared.inc_thread_sharing()
    # The end of a request would close the connection the test is in.
    monkeypatch.setattr(shared, "close_if_unusable_or_obsolete", lambda: None)
    thread.start()
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        shared.dec_thread_sharing()


def be_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The public address of this deployment."""
    real = dataclasses.replace(environment(), public_url=url)
    for module in ("yiwang.apps.partners.sign_in", "yiwang.apps.people.outside_settings"):
        monkeypatch.setattr(f"{module}.environment", lambda: real)


def configure(issuer: str, client_id: str, secret: str, monkeypatch: Any, **more: str) -> None:
    """This deployment lets people sign in with that provider."""
    outside_provider._known.clear()
    values = {"ISSUER": issuer, "CLIENT_ID": client_id, "CLIENT_SECRET": secret, **more}
    for name, value in values.items():
        monkeypatch.setenv(f"YIWANG_OIDC_{name}", value)


def asked_for(
    client_id: str, uri: str = BACK, scope: str = "openid", **more: str
) -> tuple[dict[str, str], str]:
    """What a site asks, and the verifier it keeps."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": uri,
        "scope": scope,
        "state": secrets.token_urlsafe(12),
        "nonce": secrets.token_urlsafe(12),
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return {**asked, **more}, verifier


def told(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


class Provider:
    """A small OpenID provider on a port of its own. `lie` changes the claims of the next tokens,
    `make` how they are signed, `person` what it says of who signed in."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.published = [self.key]
        self.person: dict[str, Any] = {"sub": "person-1"}
        self.lie: dict[str, Any] = {}
        self.make = self.signed
        self.codes: dict[str, dict[str, str]] = {}
        self.looked = 0
        self.userinfo_sub = ""
        self.issuer = ""

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def sign_in(self, url: str) -> str:
        """As the person's browser: agree at once; the address it is sent back to."""
        asked = told(url)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], header: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)  # a code works once
        wanted = base64.b64encode(b"us:secret").decode()
        if asked is None or header != f"Basic {wanted}":
            return 400, {"error": "invalid_grant"}
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if proof.rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(real_now().timestamp())
        claims = {
            "iss": self.issuer, "aud": "us", "nonce": asked["nonce"], "iat": now, "exp": now + 300,
            **self.person, **self.lie,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"id_token": self.make(claims), "access_token": "t", "token_type": "Bearer"}

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
            }
        if path == "/userinfo":
            return 200, {"sub": self.userinfo_sub or self.person["sub"]}
        self.looked += 1
        return 200, {"keys": [key.as_dict(private=False) for key in self.published]}


@contextmanager
def provider() -> Iterator[Provider]:
    """Running, over real HTTP."""
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self._answer(*found.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*found.token(form, self.headers.get("Authorization", "")))

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
