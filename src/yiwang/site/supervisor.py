"""One foreground process that runs the database, the worker and the web, and restarts them.

A part that dies comes back by itself; Ctrl-C stops everything this process started, and if this
process itself is killed the kernel stops its children (Linux), or the next start does.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType

from yiwang.foundation.environment import DeploymentError, Environment
from yiwang.foundation.postgres import Cluster
from yiwang.foundation.postgres.children import die_with_parent
from yiwang.foundation.postgres.cluster import OWNER_ROLE
from yiwang.site.database import AS_OWNER, EMBEDDED_URL

Say = Callable[[str], None]
READY_WITHIN = 60.0


@dataclass
class Part:
    """A child process with how often it was restarted lately."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)

    def pause(self) -> float:
        """Seconds to wait before the next restart: nothing at first, more when it keeps dying."""
        recent = [t for t in self.restarts if time.monotonic() - t < 30]
        self.restarts = recent
        return 0.0 if len(recent) < 3 else min(2.0 ** (len(recent) - 2), 15.0)


class AlreadyRunningError(DeploymentError):
    """Another supervisor, or a command that must be alone, uses this data folder."""


class Supervisor:
    """Runs the parts of one data folder in the foreground."""

    def __init__(self, environment: Environment, say: Say) -> None:
        self.environment = environment
        self.say = say
        self.cluster: Cluster | None = None
        self.parts: list[Part] = []
        self.stopping = False

    @contextlib.contextmanager
    def database(self) -> Iterator[dict[str, str]]:
        """The database, started where it is embedded; yields the children's environment."""
        values = dict(os.environ)
        values.pop(EMBEDDED_URL, None)
        if self.environment.database_url is None:
            self.cluster = Cluster(self.environment.data)
            self.cluster.start()
            values[EMBEDDED_URL] = self.cluster.url()
        try:
            yield values
        finally:
            if self.cluster is not None:
                self.cluster.stop()

    def owner_values(self, values: dict[str, str]) -> dict[str, str]:
        """The environment for a migration: the owner's role, where we have both."""
        if self.cluster is None:
            return values | {AS_OWNER: "1"}
        return values | {EMBEDDED_URL: self.cluster.url(OWNER_ROLE)}

    def start(self, name: str, command: list[str], values: dict[str, str]) -> None:
        part = Part(name, command)
        self._spawn(part, values)
        self.parts.append(part)

    def _spawn(self, part: Part, values: dict[str, str]) -> None:
        part.process = subprocess.Popen(
            part.command,
            env=values,
            start_new_session=True,
            # Quick, not graceful: our successor needs the port, and the database is going too.
            preexec_fn=die_with_parent(signal.SIGQUIT),
        )

    def run(self, values: dict[str, str], *, on_ready: Callable[[], None]) -> None:
        """Watch until told to stop; restart what dies, from the first moment on.

        `on_ready` is called once, when the web answers. Raises DeploymentError where it does not
        within a minute.
        """
        signal.signal(signal.SIGTERM, self._told_to_stop)
        signal.signal(signal.SIGINT, self._told_to_stop)
        give_up: float | None = time.monotonic() + READY_WITHIN
        while not self.stopping:
            self._look_after_database()
            for part in self.parts:
                self._look_after(part, values)
            if give_up is not None and is_answering(self.environment):
                give_up = None
                on_ready()
            if give_up is not None and time.monotonic() > give_up:
                raise DeploymentError("网站 60 秒内没有就绪,请看上面的日志。")
            time.sleep(0.1)

    def _look_after_database(self) -> None:
        cluster = self.cluster
        if (
            cluster is not None
            and cluster.process is not None
            and cluster.process.poll() is not None
        ):
            self.say("数据库进程退出,正在重新启动。")
            cluster.restart()

    def _look_after(self, part: Part, values: dict[str, str]) -> None:
        if self.stopping or part.process is None or part.process.poll() is None:
            return
        self.say(f"{part.name} 进程退出(代码 {part.process.returncode}),正在重新启动。")
        time.sleep(part.pause())
        part.restarts.append(time.monotonic())
        if not self.stopping:
            self._spawn(part, values)

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def stop(self) -> None:
        """Stop web and worker, politely first; the database stops after them."""
        self.stopping = True
        for part in reversed(self.parts):
            if part.process is not None and part.process.poll() is None:
                part.process.terminate()
        for part in reversed(self.parts):
            if part.process is None:
                continue
            try:
                part.process.wait(12)
            except subprocess.TimeoutExpired:
                part.process.kill()
                part.process.wait()


@contextlib.contextmanager
def only_one(environment: Environment) -> Iterator[None]:
    """One supervisor per data folder; the lock dies with the process.

    Raises AlreadyRunningError.
    """
    environment.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (environment.run / "supervisor.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(
                f"已经有一个一网在使用数据目录 {environment.data}。"
                "请先停止它,或用 YIWANG_DATA 指定另一个目录。"
            ) from error
        yield


def check_port(environment: Environment) -> None:
    """Raises DeploymentError where something else listens already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.host, environment.port))
        except OSError as error:
            raise DeploymentError(
                f"端口 {environment.port} 已被别的程序占用。请换一个端口,例如:PORT=8080 make run"
            ) from error


def is_answering(environment: Environment) -> bool:
    """True when /healthz answers."""
    url = f"http://{environment.host}:{environment.port}/healthz"
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:
        return False


def web_command(environment: Environment) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "yiwang.site.wsgi:application",
        "--worker-class", "gthread",
        "--workers", str(environment.web_workers),
        "--threads", str(environment.web_threads),
        "--bind", f"{environment.host}:{environment.port}",
        "--timeout", "60", "--graceful-timeout", "8", "--keep-alive", "15",
        "--log-level", "warning", "--no-control-socket",
        "--worker-tmp-dir", str(environment.run),
    ]  # fmt: skip


def yiwang_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "yiwang", *arguments]
