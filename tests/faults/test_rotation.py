"""Carrying over to a new key is killed and goes on, while the site runs."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import ROOT, House
from tests.faults.test_keeping import yiwang

pytestmark = pytest.mark.faults


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="yiwang-rotation-") as name:
        Path(name).chmod(0o755)
        found = House(Path(name))
        found.up()
        try:
            yield found
        finally:
            found.down()


def test_a_killed_run_goes_on_where_the_rows_say(house: House) -> None:
    backup = house.data.parent / "before"
    assert yiwang(house.values, "backup", str(backup)).returncode == 0
    assert yiwang(house.values, "keys", "rotate").returncode == 0
    before = yiwang(house.values, "keys", "show").stdout
    assert "使用中:第 2 号" in before and "待换 people_party.name" in before
    run = subprocess.Popen(
        [sys.executable, "-m", "yiwang", "keys", "recrypt", "--batch", "1"],
        env=house.values, cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stderr is not None
    for line in run.stderr:
        if "people_party.name" in line or "已换" in line:
            break
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stderr.close()
    halfway = yiwang(house.values, "keys", "show").stdout
    assert "待换" in halfway and halfway != before
    early = yiwang(house.values, "keys", "retire")
    assert early.returncode == 2 and "10 分钟" in early.stderr
    again = yiwang(house.values, "keys", "recrypt")
    assert again.returncode == 0 and "还剩 0 处" in again.stdout, again.stderr
    assert "待换" not in yiwang(house.values, "keys", "show").stdout
    assert yiwang(house.values, "verify").returncode == 0
    elsewhere = {**house.values, "YIWANG_DATA": str(house.data.parent / "elsewhere")}
    restored = yiwang(elsewhere, "restore", str(backup), "--keys", str(house.data / "keys"))
    assert restored.returncode == 0, restored.stderr
    assert "待换 people_party.name" in yiwang(elsewhere, "keys", "show").stdout
    assert "还剩 0 处" in yiwang(elsewhere, "keys", "recrypt").stdout
