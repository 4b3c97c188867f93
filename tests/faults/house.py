"""The platform as real processes, and somebody who kills them."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


# The supervisor less often: it takes everything with it and is started again by hand.
VICTIMS = ["web", "web worker", "worker", "database", "backend"] * 2 + ["supervisor"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """`yiwang up --demo` on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "数据 with space"
        self.port = free_port()
        self.log = folder / "up.log"
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("YIWANG", "DJANGO", "PYTEST"))
        }
        self.values = kept | {
            "YIWANG_DATA": str(self.data),
            "PORT": str(self.port),
            "YIWANG_LIMITS": "off",  # the load is not a person's
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.tries = 0

    def up(self) -> None:
        """Start and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yiwang", "up", "--demo"],
                env=self.values,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + 90
        while not self._answers():
            if self.process.poll() is not None:
                # What the last one left may need a moment to die; a person starts it again.
                assert self.tries < 40, self.log.read_text()[-3000:]
                self.tries += 1
                time.sleep(0.5)
                return self.up()
            assert time.monotonic() < give_up, self.log.read_text()[-3000:]
            time.sleep(0.1)
        self.tries = 0
        return None

    def _answers(self) -> bool:
        url = f"http://127.0.0.1:{self.port}/healthz"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return True
        except OSError:
            return False

    def down(self) -> None:
        """Ctrl-C, and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def run(self, module: str, *arguments: str) -> str:
        """Run a module of the tests against the running database; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.values | {"YIWANG_DEMO": "1"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def kill_something(self, rng: random.Random) -> str:
        """kill -9 of one part, chosen at random; the supervisor is started again by hand."""
        assert self.process is not None
        # A part that is just being started again cannot be killed: then another one is, but the
        # supervisor only by its own lot, or it would be killed whenever it had work to do.
        drawn, *others = rng.sample(VICTIMS, len(VICTIMS))
        victims = [drawn, *(name for name in others if name != "supervisor")]
        found = ((name, self._find(name)) for name in victims)
        victim, process = next((one for one in found if one[1] is not None), (drawn, None))
        if process is None:
            return f"{victim} (not there)"
        try:
            process.kill()
        except psutil.NoSuchProcess:
            return f"{victim} (gone)"
        if victim == "supervisor":
            self.process.wait()
            self.up()
        return victim

    def _find(self, victim: str) -> psutil.Process | None:
        assert self.process is not None
        if victim == "supervisor":
            return psutil.Process(self.process.pid)
        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return None
        return next((c for c in children if _is(c, victim)), None)


def _is(process: psutil.Process, victim: str) -> bool:
    try:
        line = " ".join(process.cmdline())
        parent = " ".join(process.parent().cmdline()) if process.parent() else ""
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return {
        "web": "gunicorn" in line and "gunicorn" not in parent,
        "web worker": "gunicorn" in line and "gunicorn" in parent,
        "worker": "yiwang worker" in line,
        "database": "bin/postgres" in line and " -D " in line,
        "backend": line.startswith("postgres:") and "yiwang_app" in line,
    }[victim]
