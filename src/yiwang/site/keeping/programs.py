"""PostgreSQL's client programs, and how they learn where to go: by environment, never by arguments.

Arguments of a process can be read by everybody on the machine; its environment only by its user.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from yiwang.foundation.environment import DeploymentError
from yiwang.foundation.postgres.places import major_version, wheel_folder

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
_KEPT = ("PATH", "HOME", "PGPASSFILE", "PGSSLROOTCERT", "PGSSLMODE", "LD_LIBRARY_PATH")


def program(name: str, *, at_least: int) -> Path:
    """The program `name` of the smallest major version that is not below `at_least`.

    The one next to the server is the one that knows it best; an older one refuses. Raises
    DeploymentError.
    """
    found = sorted(
        (version, str(path))
        for path in _candidates(name)
        if (version := major_version(path)) >= at_least
    )
    if not found:
        raise DeploymentError(
            f"没有找到 PostgreSQL {at_least} 或更新版本的 {name}。"
            f"请安装客户端,例如 apt-get install postgresql-client-{at_least}。"
        )
    return Path(found[0][1])


def _candidates(name: str) -> Iterator[Path]:
    folders = [Path(path) for pattern in _PLACES for path in _folders(pattern)]
    if (wheel := wheel_folder()) is not None:
        folders.append(wheel / "bin")
    on_path = shutil.which(name)
    yield from (folder / name for folder in folders if (folder / name).is_file())
    if on_path:
        yield Path(on_path)


def _folders(pattern: str) -> list[Path]:
    return sorted(Path("/").glob(pattern.lstrip("/")))


def client_values(url: str) -> dict[str, str]:
    """The environment in which a client program finds the database of `url`."""
    values = {name: os.environ[name] for name in _KEPT if name in os.environ}
    values |= {"LC_ALL": "C", "TZ": "UTC", "PGAPPNAME": "yiwang"}
    for key, value in conninfo_to_dict(url).items():
        if value is None:
            continue
        if key not in _VARIABLES:
            raise DeploymentError(f"数据库地址里的参数 {key} 不支持,请去掉。")
        values[_VARIABLES[key]] = str(value)
    return values


def run_program(path: Path, *arguments: str, url: str) -> None:
    """Run to the end. Raises DeploymentError with the last lines of what the program said."""
    done = subprocess.run(
        [str(path), *arguments],
        env=client_values(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        told = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise DeploymentError(f"{path.name} 没有成功(代码 {done.returncode}):\n{told}")
