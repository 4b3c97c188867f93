"""`make test`: lint, types, import contracts, migrations and all tests, in this order.

Every part is run even when an earlier one has found something, so that one run shows it all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

PYTEST = [sys.executable, "-m", "pytest"]
CHECKS = {
    "格式": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "src", "tests", "tools"],
    "规范": [sys.executable, "-m", "ruff", "check", "--quiet", "src", "tests", "tools"],
    "类型": [sys.executable, "-m", "mypy", "--no-error-summary"],
    "依赖方向": [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
    ],
    "测试": [*PYTEST, "-n", "2", "--dist", "loadfile", "-m", "not browser and not faults"],
    # Real processes and a real browser want the machine for themselves.
    "浏览器与故障测试": [*PYTEST, "-m", "browser or faults"],
}


def main() -> None:
    failed = []
    for name, command in CHECKS.items():
        begun = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        took = time.monotonic() - begun
        print(f"{'✓' if code.returncode == 0 else '✗'} {name} ({took:.0f} s)", flush=True)
        if code.returncode:
            failed.append(name)
    if failed:
        sys.exit(f"没有通过:{'、'.join(failed)}")


if __name__ == "__main__":
    main()
