"""One PostgreSQL cluster, run as our own child process.

Not the wheel's `get_server()`: that one opens /root to everybody, puts a trust socket in a
world-writable folder for long paths, fails on spaces, and loses track after kill -9.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from yiwang.foundation.postgres.children import die_with_parent, is_alive
from yiwang.foundation.postgres.places import (
    ClusterError,
    Owner,
    data_folder,
    database_owner,
    major_version,
    program_folder,
)

SUPERUSER, OWNER_ROLE, APP_ROLE, DATABASE = "yiwang_super", "yiwang_owner", "yiwang_app", "yiwang"
READY_WITHIN = 60.0

_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_duration_statement": "2000",
    "logging_collector": "off",
    "password_encryption": "'scram-sha-256'",
}

# The same order everywhere: by code point. Before version 17 only the C library knows it.
_LOCALE = {
    True: ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    False: ("--locale=C.UTF-8",),
}


class Cluster:
    """The embedded database of one data folder.

    `start()` makes it on first use and waits until it answers; `stop()` shuts it down. `url(role)`
    is the address for one role. `is_durable=False` is for tests only: it may lose data on a crash
    of the machine. `programs`: the folder of another PostgreSQL's programs (tests on Debian's).
    """

    def __init__(
        self, data: Path, *, is_durable: bool = True, programs: Path | None = None
    ) -> None:
        self.home = data
        self.is_durable = is_durable
        self.process: subprocess.Popen[bytes] | None = None
        self.socket_folder: Path | None = None
        self._owner: Owner = database_owner()
        self._programs = programs or program_folder(self._owner) / "bin"
        self._folder = data_folder(data / "database", self._owner)

    @property
    def is_made(self) -> bool:
        """True where there is a database in its place already."""
        return (self._folder / "PG_VERSION").exists()

    @property
    def _address_file(self) -> Path:
        return self.home / "run" / "socket"

    def start(self) -> None:
        """Make the cluster if it is not there, start it, wait for it. Raises ClusterError."""
        (self.home / "run").mkdir(parents=True, exist_ok=True)
        self._stop_leftover()
        if not self.is_made:
            self._initialise()
        self._configure()
        self._spawn()
        self._wait_ready()
        self._ensure_roles()

    def restart(self) -> None:
        """Start again in the same socket folder after the process died: clients find it there."""
        self._stop_leftover(keep_socket=True)
        self._spawn(keep_socket=True)
        self._wait_ready()

    def stop(self) -> None:
        """Fast shutdown; idempotent."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            for number in (signal.SIGQUIT, signal.SIGKILL):
                try:
                    self.process.wait(15)
                    break
                except subprocess.TimeoutExpired:
                    self.process.send_signal(number)
            self.process.wait()
        self.process = None
        self._forget_socket()

    def checkpoint(self) -> None:
        """Write what is in memory now, as after a large load; returns when it is on disk."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def url(self, role: str = APP_ROLE, database: str = DATABASE) -> str:
        if self.socket_folder is None:
            raise ClusterError("内置数据库没有运行。")
        return f"postgresql://{role}@/{database}?host={self.socket_folder}"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self._owner.uid,
            group=self._owner.gid,
            extra_groups=[] if self._owner.uid is not None else None,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        )
        if done.returncode:
            raise ClusterError(f"{program} 没有成功:\n{done.stdout}{done.stderr}")

    def _give_to_owner(self, path: Path) -> None:
        if self._owner.uid is not None and self._owner.gid is not None:
            os.chown(path, self._owner.uid, self._owner.gid)

    def _initialise(self) -> None:
        # Made beside its place and moved there whole, so that a kill in the middle leaves nothing
        # that looks like a database.
        partial = self._folder.with_name(self._folder.name + ".new")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700, parents=True)
        self._give_to_owner(partial)
        self._run(
            "initdb",
            f"--pgdata={partial}",
            f"--username={SUPERUSER}",
            "--auth-local=peer",
            "--auth-host=reject",
            "--encoding=UTF8",
            *_LOCALE[major_version(self._programs / "initdb") >= 17],
            "--no-instructions",
            *([] if self.is_durable else ["--no-sync"]),
        )
        shutil.rmtree(self._folder, ignore_errors=True)
        partial.rename(self._folder)

    def _configure(self) -> None:
        settings = dict(_SETTINGS)
        if not self.is_durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        text = "".join(f"{key} = {value}\n" for key, value in settings.items())
        us = _own_name()
        roles = (SUPERUSER, OWNER_ROLE, APP_ROLE)
        ident = "".join(f'yiwang "{us}" {role}\n' for role in roles)
        for name, content in (
            ("postgresql.auto.conf", text),
            ("pg_hba.conf", "local all all peer map=yiwang\n"),
            ("pg_ident.conf", ident),
        ):
            path = self._folder / name
            path.write_text(content, encoding="utf-8")
            path.chmod(0o600)
            self._give_to_owner(path)

    def _spawn(self, *, keep_socket: bool = False) -> None:
        if not keep_socket or self.socket_folder is None:
            # A short private folder: a socket path may have 107 bytes at most, a data path more.
            base = "/tmp" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "/tmp")  # noqa: S108
            base = base if Path(base).is_dir() and len(base) < 60 else "/tmp"  # noqa: S108
            self.socket_folder = Path(tempfile.mkdtemp(prefix="yiwang-", dir=base))
            self._give_to_owner(self.socket_folder)
            self._address_file.write_text(str(self.socket_folder), encoding="utf-8")
        log = (self.home / "run" / "database.log").open("ab")
        self.process = subprocess.Popen(
            [
                str(self._programs / "postgres"),
                "-D",
                str(self._folder),
                "-k",
                str(self.socket_folder),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            user=self._owner.uid,
            group=self._owner.gid,
            extra_groups=[] if self._owner.uid is not None else None,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGQUIT),
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        )
        log.close()

    def _wait_ready(self) -> None:
        give_up = time.monotonic() + READY_WITHIN
        while time.monotonic() < give_up:
            assert self.process is not None
            if self.process.poll() is not None:
                if "is still in use" not in self._log_tail():
                    raise ClusterError(f"内置数据库没有启动,原因见日志:\n{self._log_tail()}")
                time.sleep(0.2)  # the last children of a killed server are just leaving
                self._spawn(keep_socket=True)
            try:
                psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise ClusterError(f"内置数据库 {READY_WITHIN:.0f} 秒内没有就绪:\n{self._log_tail()}")

    def _log_tail(self) -> str:
        path = self.home / "run" / "database.log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-12:])

    def _ensure_roles(self) -> None:
        """The application's role is no superuser and owns nothing; the owner runs migrations."""
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER_ROLE, APP_ROLE):
                if role not in known:
                    connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE")
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")

    def _stop_leftover(self, *, keep_socket: bool = False) -> None:
        """A server of this folder that outlived its supervisor is shut down before we start."""
        pid_file = self._folder / "postmaster.pid"
        if pid_file.exists():
            pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0] or "0")
            if pid:
                self._end(pid)
        if not keep_socket:
            self._forget_socket()

    def _end(self, pid: int) -> None:
        """End an orphan at once: its supervisor is gone, and recovery at the next start is quick.

        A fast shutdown (SIGINT) can wait for ever when it meets a recovery under way (seen with
        version 18 after two kills in a row), so an immediate one is asked for, and a server that
        does not even heed that is killed; its children leave when they see that.
        """
        for number, patience in ((signal.SIGQUIT, 8.0), (signal.SIGKILL, 8.0)):
            if not is_alive(pid, str(self._folder)):
                return
            os.kill(pid, number)
            give_up = time.monotonic() + patience
            while is_alive(pid, str(self._folder)) and time.monotonic() < give_up:
                time.sleep(0.05)
        if is_alive(pid, str(self._folder)):
            raise ClusterError(f"上次留下的数据库进程 {pid} 没有停下来,请先结束它。")

    def _forget_socket(self) -> None:
        if self._address_file.exists():
            old = Path(self._address_file.read_text(encoding="utf-8"))
            if old.name.startswith("yiwang-"):
                shutil.rmtree(old, ignore_errors=True)
            self._address_file.unlink()
        self.socket_folder = None


def running_url(home: Path, role: str = APP_ROLE) -> str | None:
    """The address of the cluster another process of ours is running for `home`, or None."""
    address = home / "run" / "socket"
    if not address.exists():
        return None
    folder = address.read_text(encoding="utf-8")
    url = f"postgresql://{role}@/{DATABASE}?host={folder}"
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return None
    return url


def _own_name() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name
