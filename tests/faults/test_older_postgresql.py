"""The integration tests once more on the oldest PostgreSQL we promise to run on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDEST = Path("/usr/lib/postgresql/15/bin")  # where Debian 12 puts it


@pytest.mark.faults
@pytest.mark.skipif(
    not (OLDEST / "initdb").exists(), reason="PostgreSQL 15 of Debian is not installed here"
)
def test_the_integration_tests_pass_on_postgresql_15() -> None:
    values = {k: v for k, v in os.environ.items() if not k.startswith(("YIWANG", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/integration", "-n", "2", "--dist", "loadfile"],
        cwd=ROOT,
        env=values | {"YIWANG_TEST_POSTGRES": str(OLDEST)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
