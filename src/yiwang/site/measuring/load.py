"""One client of the bench: a process of its own, one keep-alive connection."""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
from typing import Any
from urllib.parse import quote, urlencode

from yiwang.site.measuring.scenarios import scenario

PASSWORD = "yiwang-demo"  # noqa: S105 - the demonstration's


class Client:
    """Signed in by the form, like a person."""

    def __init__(self, port: int, login: str) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}
        _, _, page = self.ask("GET", "/sign-in/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None, "no sign-in form"
        form = {"csrfmiddlewaretoken": found[1], "login": login, "password": PASSWORD, "next": "/"}
        status, _, _ = self.ask(
            "POST", "/sign-in/", urlencode(form), "application/x-www-form-urlencoded"
        )
        assert status in (302, 303), status

    def ask(self, method: str, path: str, body: str = "", kind: str = "") -> tuple[int, str, str]:
        """(status, Server-Timing, body)."""
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
        text = response.read().decode(errors="replace")
        return response.status, response.headers.get("Server-Timing", ""), text


def main() -> None:
    """Read an order, sign in, say so, wait for the word, run, print the samples."""
    order = json.loads(sys.stdin.readline())
    task = scenario(order["scenario"])
    client = Client(order["port"], task.login)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(_run(client, task, order)))


def _run(client: Client, task: Any, order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {"times": [], "cpu": [], "statements": [], "errors": []}
    work, place = order["work"], 0
    begun = time.perf_counter()
    while work and time.perf_counter() - begun < order["seconds"]:
        if place >= len(work):
            if not task.repeats:
                break
            place = 0
        target = work[place]
        place += 1
        path = task.path.format(quote(str(target), safe="=&"))
        body = order["body"] if task.method == "POST" else ""
        one = time.perf_counter()
        status, timing, text = client.ask(
            task.method, path, body, "application/json" if body else ""
        )
        took = (time.perf_counter() - one) * 1000
        if status not in (200, 201):
            found["errors"].append(f"{status} {text[:200]}")
            continue
        found["times"].append(took)
        cost = re.search(r'cpu;dur=([\d.]+), db;desc="(\d+)"', timing)
        if cost:
            found["cpu"].append(float(cost[1]))
            found["statements"].append(int(cost[2]))
    return {**found, "took": time.perf_counter() - begun}


if __name__ == "__main__":
    main()
