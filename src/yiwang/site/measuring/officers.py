"""A day at the office, at once: some hundred officers who look, open, think and act.

Each is a session of its own with pauses between two requests, as a person makes them. Two may
choose the same case: one wins, the other is told (409), which is no error. Afterwards the database
is asked whether anything was decided twice.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from yiwang.site.measuring.load import Client

PROCESSES = 4
THINKING = (3.0, 9.0)  # seconds between two requests of one officer
# Who (share, login, list, act of the API with its body).
OPINION = {"conclusion": "AGREE", "opinion": "逐项核对,符合要求。"}
ROLES: tuple[tuple[float, str, str, str, dict[str, Any]], ...] = (
    (0.40, "he-window", "/work/accept/", "accept", {}),
    (0.35, "zhao-review", "/work/review/?job=review", "give-opinion", OPINION),
    (0.20, "sun-approve", "/work/review/?job=decide", "grant", {}),
    (0.05, "tang-supervise", "/supervision/", "", {}),
)
TAKEN = (404, 409)


def officer(number: int, of: int) -> tuple[str, str, str, dict[str, Any]]:
    """The role of the `number`-th of `of` officers."""
    share = 0.0
    for part, *role in ROLES:
        share += part
        if number < round(share * of):
            return role[0], role[1], role[2], role[3]  # type: ignore[return-value]
    return ROLES[0][1:]


class Officer(threading.Thread):
    """One session until the end of the day; its samples are (kind, milliseconds, status)."""

    def __init__(self, number: int, order: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.rng = random.Random(number)
        self.login, self.list, self.act, self.body = officer(number, order["officers"])
        self.client = Client(order["port"], self.login)
        self.samples: list[tuple[str, float, int]] = []
        self.ends = 0.0

    def run(self) -> None:
        # The server closed what stood idle while the others signed in; a browser opens anew.
        self.client.connection.close()
        time.sleep(self.rng.uniform(0, THINKING[1]))
        while time.monotonic() < self.ends:
            self._round()

    def _round(self) -> None:
        found = re.findall(r"/cases/(\d+)/", self._ask("名单(网页)", "GET", self.list))
        if not found:
            return
        case = self.rng.choice(sorted(set(found)))
        self._ask("办件一屏(网页)", "GET", f"/cases/{case}/")
        if not self.act:
            return
        text = self._ask("办件(接口)", "GET", f"/api/v1/cases/{case}")
        if not text:
            return
        whole = json.loads(text)
        body = {**self.body, "version": whole["case"]["version"]}
        if self.body:
            steps = [s for s in whole["steps"] if s["state"] == "OPEN" and s["job"] == "review"]
            if not steps:
                return  # somebody else was here between the list and the case
            body["step"] = steps[0]["code"]
        self._ask(self.act, "POST", f"/api/v1/cases/{case}/{self.act}", json.dumps(body))

    def _ask(self, kind: str, method: str, path: str, body: str = "") -> str:
        begun = time.perf_counter()
        try:
            status, _, text = self.client.ask(
                method, path, body, "application/json" if body else ""
            )
        except OSError as error:
            status, text = 599, str(error)
        self.samples.append((kind, (time.perf_counter() - begun) * 1000, status))
        time.sleep(self.rng.uniform(*THINKING))
        return text if status < 400 else ""


def main() -> None:
    """One process: read an order, sign its officers in, say so, wait for the word, work, print."""
    order = json.loads(sys.stdin.readline())
    people = [Officer(n, order) for n in range(order["first"], order["officers"], PROCESSES)]
    print("ready", flush=True)
    sys.stdin.readline()
    ends = time.monotonic() + order["seconds"]
    for one in people:
        one.ends = ends
        one.start()
    for one in people:
        one.join()
    print(json.dumps([sample for one in people for sample in one.samples]))


def run_day(*, officers: int, minutes: float, cases: int, say: Any) -> None:
    """Build a house, let the officers work, print what they met."""
    from yiwang.site.bench import measured_house

    with measured_house(cases, say) as (_, settings):
        say(f"· {officers} 人登录")
        children = [
            subprocess.Popen(
                [sys.executable, "-m", "yiwang.site.measuring.officers"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for _ in range(PROCESSES)
        ]  # fmt: skip
        for first, child in enumerate(children):
            order = {
                "first": first, "officers": officers, "seconds": minutes * 60,
                "port": settings.port,
            }  # fmt: skip
            _say(child, json.dumps(order))
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()
        for child in children:
            _say(child, "go")
        samples = [s for c in children for s in json.loads(c.communicate()[0].splitlines()[-1])]
        _print(samples, officers, minutes, cases)
        _check(settings.roots)


def _say(child: subprocess.Popen[str], text: str) -> None:
    assert child.stdin is not None
    child.stdin.write(text + "\n")
    child.stdin.flush()


def _print(samples: list[Any], officers: int, minutes: float, cases: int) -> None:
    print(f"\n{officers} 人,{minutes:g} 分钟,{cases:,} 个办件,每次操作之间想 3—9 秒")
    print(f"{'项目':<18}{'次数':>8}{'p50 ms':>9}{'p95 ms':>9}{'最长 ms':>9}  结果")
    for kind in [*dict.fromkeys(s[0] for s in samples), ""]:
        rows = [s for s in samples if not kind or s[0] == kind]
        times = sorted(s[1] for s in rows)
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        results = Counter(s[2] for s in rows)
        told = sum(results[status] for status in TAKEN)
        wrong = {s: n for s, n in sorted(results.items()) if s >= 400 and s not in TAKEN}
        print(
            f"{kind or '合计':<18}{len(rows):>8}{statistics.median(times):>9.1f}{p95:>9.1f}"
            f"{times[-1]:>9.1f}  别人已办 {told},错误 {sum(wrong.values())} {wrong or ''}"
        )


def _check(roots: Path) -> None:
    """Nothing decided twice, no series with a gap, the record whole."""
    from django.db.models import Count

    from yiwang.apps.cases.models import CaseDecision
    from yiwang.site.verifying import verify_all

    twice = CaseDecision.objects.values("case").annotate(n=Count("id")).filter(n__gt=1).count()
    report = verify_all(roots)
    print(f"作出两次决定的办件 {twice};核验 {report.entries:,} 条,{len(report.findings)} 处发现")


if __name__ == "__main__":
    main()
