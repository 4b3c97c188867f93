"""kill -9 of web, worker, database and supervisor at random instants, under load.

Fifty kills by default; any number by `YIWANG_KILLS=1000`.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.house import House

KILLS = int(os.environ.get("YIWANG_KILLS", "50"))
PASSWORD = "yiwang-demo"
STANDS_STILL = 240.0


class Load:
    """Clients that hand in and decide until told to stop, and what they were told."""

    def __init__(self, house: House, work: dict[str, list]) -> None:
        self.house = house
        self.drafts, self.cases = list(work["drafts"]), list(work["cases"])
        self.submitted: dict[str, int] = {}
        self.granted: list[int] = []
        self.errors: list[str] = []
        self.lock = threading.Lock()
        self.stop = threading.Event()

    def citizen(self) -> None:
        client = Client(self.house.port, "lin-xiaoman", PASSWORD)
        while not self.stop.is_set() and (draft := self._next(self.drafts)):
            status, answer = client.post(f"/api/v1/drafts/{draft}/submit", {})
            if status not in (200, 201):
                self.errors.append(f"submit {status} {answer}")
            else:
                self.submitted[str(draft)] = int(answer["id"])  # type: ignore[call-overload]
            self.stop.wait(0.05)  # a person's pause, so that the load lasts as long as the kills

    def approver(self) -> None:
        client = Client(self.house.port, "sun-approve", PASSWORD)
        while not self.stop.is_set() and (case := self._next(self.cases)):
            identifier, version = case  # type: ignore[misc]
            status, answer = client.post(f"/api/v1/cases/{identifier}/grant", {"version": version})
            # 409: an earlier try was carried out and its answer lost in a kill.
            if status in (200, 201, 409):
                self.granted.append(int(identifier))
            else:
                self.errors.append(f"grant {status} {answer}")
            self.stop.wait(1)

    def _next(self, left: list) -> object:
        with self.lock:
            return left.pop() if left else None

    def run(self, target: object) -> None:
        try:
            target()  # type: ignore[operator]
        except Exception as error:
            self.errors.append(repr(error))


@pytest.mark.faults
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    rng = random.Random(os.environ.get("YIWANG_KILL_SEED", "7"))
    house = House(tmp_path)
    house.up()
    try:
        work = json.loads(
            house.run("tests.faults.prepare", str(KILLS * 60), str(KILLS)).splitlines()[-1]
        )
        load = Load(house, work)
        people = [load.citizen, load.citizen, load.citizen, load.approver]
        threads = [threading.Thread(target=load.run, args=(who,), daemon=True) for who in people]
        for thread in threads:
            thread.start()
        killed = []
        for _ in range(KILLS):
            time.sleep(rng.uniform(0.05, 0.9))  # the instant of the kill is the experiment
            killed.append(house.kill_something(rng))
        load.stop.set()
        for thread in threads:
            thread.join(120)
        assert load.errors == []
        assert load.submitted and load.granted, "the load did nothing"
        wait_until_settled(house)
        told = tmp_path / "told.json"
        told.write_text(json.dumps({"submitted": load.submitted, "granted": load.granted}))
        found = json.loads(house.run("tests.faults.check", "faults", str(told)).splitlines()[-1])
        print(f"{Counter(killed)}; {len(load.submitted)} handed in, {len(load.granted)} decided")
        assert found == []
    finally:
        house.down()


def wait_until_settled(house: House) -> None:
    """Until nothing waits; gives up where nothing moves any more, however much there is."""
    left, give_up = -1, 0.0
    while (now_left := int(house.run("tests.faults.check", "waiting").splitlines()[-1])) > 0:
        if left < 0 or now_left < left:
            left, give_up = now_left, time.monotonic() + STANDS_STILL
        assert time.monotonic() < give_up, f"{left} documents, events or messages stand still"
        time.sleep(0.5)
