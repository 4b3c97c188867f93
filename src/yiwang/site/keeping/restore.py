"""`yiwang restore`: a backup into an empty place, checked before and verified after.

Everything that can be wrong is looked at before anything is written: the target, the digests, the
keys, the version. A marker stands in the data folder until the end, so that what was broken off
half-way is never taken for a city.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from yiwang.foundation.environment import DeploymentError, Environment
from yiwang.foundation.postgres import Cluster
from yiwang.site import supervisor
from yiwang.site.database import EMBEDDED_URL
from yiwang.site.keeping import manifest as paper
from yiwang.site.keeping.backup import record_state
from yiwang.site.keeping.programs import client_values, program, run_program

Say = Callable[[str], None]
MARKER = "restore-unfinished"
OLDEST_SERVER = 150000
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what `verify` found."""

    manifest: paper.Manifest
    report: dict[str, Any]

    @property
    def is_clean(self) -> bool:
        return bool(self.report["is_clean"]) and not self.manifest.damaged_files

    def as_text(self) -> str:
        made = self.manifest
        lines = [
            f"已恢复 {made.at:%Y-%m-%d %H:%M} 的备份:记录 {made.record['entries']:,} 条、"
            f"签封 {made.record['last_seal']} 个、文件 {made.files['count']:,} 个。",
            f"核验 {self.report['subjects']:,} 个对象、{self.report['entries']:,} 条记录:"
            + ("记录完整,没有发现改动。" if self.report["is_clean"] else "有问题,见下。"),
        ]
        lines += [f"  {f['subject']}  {f['message']}" for f in self.report["findings"][:50]]
        lines += [f"  做备份时文件 {name} 已经损坏或缺失" for name in made.damaged_files]
        return "\n".join(lines)


def refuse_unfinished(settings: Environment) -> None:
    """Raises DeploymentError where a restore into this data folder was broken off."""
    if (settings.data / MARKER).exists():
        raise DeploymentError(
            f"数据目录 {settings.data} 里有一次没有完成的恢复。请换一个空目录重新恢复。"
        )


def restore(settings: Environment, source: Path, *, keys: Path | None, say: Say) -> Restored:
    """Restore and verify. Raises DeploymentError; before the first word about restoring nothing
    has been changed."""
    refuse_unfinished(settings)
    refuse_full(settings)
    with unpacked(source.expanduser().absolute(), settings) as folder:
        made = paper.read_manifest(folder)
        say(f"· 检查备份({made.at:%Y-%m-%d %H:%M},一网 {made.program})")
        paper.check_parts(folder, made)
        names = listed_files(folder)
        found = keys_for(settings, folder, made, keys)
        paper.check_keys(found, made.probes)
        made.check_signature(found)
        refuse_newer(made, found)
        marker = settings.data / MARKER
        settings.data.mkdir(parents=True, exist_ok=True)
        marker.write_text(made.made_at, encoding="utf-8")
        say(f"· 文件 {len(names):,} 个、签封、密钥")
        _copy_all(settings, folder, names, found)
        report = _restore_database(settings, folder, made, say)
        os.sync()
        marker.unlink()
    return Restored(made, report)


def refuse_full(settings: Environment) -> None:
    """Raises DeploymentError where there is anything that a restore would cover."""
    for place in (settings.files, settings.roots):
        if place.is_dir() and any(path.is_file() for path in place.rglob("*")):
            raise DeploymentError(f"{place} 里已经有内容。恢复只能进入空的数据目录。")
    if settings.database_url is None:
        if Cluster(settings.data).is_made:
            raise DeploymentError(
                f"数据目录 {settings.data} 里已经有数据库。恢复只能进入空的数据目录。"
            )
        return
    with psycopg.connect(settings.owner_url or settings.database_url) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            raise DeploymentError("外部数据库的版本低于 15,请换一个。")
        found = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        ).fetchone()
    if found and found[0]:
        raise DeploymentError("目标数据库不是空的。恢复只能进入一个空的数据库。")


@contextmanager
def unpacked(source: Path, settings: Environment) -> Iterator[Path]:
    """The backup as a folder; a .tar is unpacked beside the data for as long as it is needed."""
    if source.is_dir():
        yield source
        return
    if not source.is_file():
        raise DeploymentError(f"没有找到备份 {source}。")
    settings.data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.data.parent) as name:
        try:
            with tarfile.open(source) as archive:
                for member in archive:
                    _check_member(member, source)
                    archive.extract(member, name, set_attrs=False)
        except (tarfile.TarError, OSError) as error:
            raise DeploymentError(f"备份 {source} 读不出来:{type(error).__name__}") from error
        yield Path(name)


def _check_member(member: tarfile.TarInfo, source: Path) -> None:
    """Plain files and folders inside the target only (the standard library's own filter is not in
    every 3.11). Raises DeploymentError."""
    path = Path(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
        raise DeploymentError(f"备份 {source} 里有不该有的内容:{member.name},没有恢复任何内容。")


def listed_files(folder: Path) -> list[str]:
    """Digests of the contents, each checked. Raises DeploymentError naming what is wrong."""
    names = [line.split()[0] for line in (folder / paper.FILE_LIST).read_text("utf-8").splitlines()]
    wrong = []
    for name in names:
        path = folder / "files" / name[:2] / name[2:]
        if not path.is_file():
            wrong.append(f"文件 {name} 不见了")
        elif paper.digest_of(path).sha256 != name:
            wrong.append(f"文件 {name} 的内容与名字不符")
    if wrong:
        raise DeploymentError(
            "这份备份不完整或被改动过,没有恢复任何内容:\n  " + "\n  ".join(wrong[:20])
        )
    return names


def keys_for(settings: Environment, folder: Path, made: paper.Manifest, keys: Path | None) -> Path:
    """Where the keys come from: told, in place already, or in the backup. Raises
    DeploymentError."""
    ring = paper.KEY_FILES[0]
    in_place = (settings.keys / ring).is_file()
    if keys is not None:
        keys = keys.expanduser().absolute()
        if in_place and not _same(keys / ring, settings.keys / ring):
            raise DeploymentError(
                f"{settings.keys} 里已经有另一套密钥,不会覆盖它。请换一个空的密钥目录。"
            )
        return keys
    if in_place:
        return settings.keys
    if made.has_keys:
        return folder / "keys"
    raise DeploymentError(
        "这份备份不含密钥(默认如此)。请用 --keys 指出另外保管的密钥目录,"
        f"或先把它放到 {settings.keys}。没有恢复任何内容。"
    )


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and one.read_bytes() == other.read_bytes()


def refuse_newer(made: paper.Manifest, keys: Path) -> None:
    """Raises DeploymentError for a backup whose schema this program does not know."""
    known = known_migrations(keys)
    unknown = sorted(
        f"{app} {name}" for app, name in made.schema.items() if (app, name) not in known
    )
    if unknown:
        raise DeploymentError(
            f"这份备份是更新版本的一网({made.program})做的,本机的程序不认识:"
            f"{'、'.join(unknown)}。请先安装那个版本再恢复。没有恢复任何内容。"
        )


def known_migrations(keys: Path) -> set[tuple[str, str]]:
    """(app, name) of every migration of this program. Asked of a child: Django's settings need
    keys, and ours must not be made in a place that is being restored."""
    code = (
        "import django, json; django.setup();"
        "from django.db.migrations.loader import MigrationLoader;"
        "print(json.dumps(sorted(MigrationLoader(None).disk_migrations)))"
    )
    values = os.environ | {
        "YIWANG_KEYS": str(keys),
        "DJANGO_SETTINGS_MODULE": "yiwang.site.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=values, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {(app, name) for app, name in json.loads(done.stdout)}


def _copy_all(settings: Environment, folder: Path, names: list[str], keys: Path) -> None:
    for place in (settings.files, settings.roots, settings.run, settings.keys):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in names:
        target = settings.files / name[:2] / name[2:]
        target.parent.mkdir(exist_ok=True, mode=0o700)
        shutil.copyfile(folder / "files" / name[:2] / name[2:], target)
        target.chmod(0o600)
    for part, place in (("roots", settings.roots), ("run", settings.run)):
        if (folder / part).is_dir():
            shutil.copytree(folder / part, place, dirs_exist_ok=True)
    if keys != settings.keys:
        shutil.copytree(keys, settings.keys, dirs_exist_ok=True)
    for path in settings.keys.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _restore_database(
    settings: Environment, folder: Path, made: paper.Manifest, say: Say
) -> dict[str, Any]:
    """Load the dump, compare it with the manifest, migrate forward, verify."""
    keeper = supervisor.Supervisor(settings, say)
    with keeper.database() as values:
        owner = keeper.owner_values(values)
        url = owner.get(EMBEDDED_URL) or settings.owner_url or str(settings.database_url)
        say("· 数据库")
        load_dump(folder / paper.DUMP, url, made.dump_version)
        _compare(url, made)
        say("· 更新数据库结构")
        run = supervisor.yiwang_command
        subprocess.run(run("migrate"), env=owner, check=True)
        subprocess.run(run("prepare"), env=values, check=True)
        say("· 核验记录")
        done = subprocess.run(
            run("verify", "--json"), env=values, stdout=subprocess.PIPE, check=False
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def load_dump(dump: Path, url: str, dump_version: int) -> None:
    """All of it in one transaction, or nothing. Raises DeploymentError."""
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10000
    tool = program("pg_restore", at_least=max(dump_version, server))
    if dump_version <= server:
        run_program(
            tool, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
            f"--dbname={client_values(url).get('PGDATABASE', '')}", str(dump), url=url,
        )  # fmt: skip
        return
    _load_into_older(tool, dump, url, server)


def _load_into_older(tool: Path, dump: Path, url: str, server: int) -> None:
    """From a newer server to an older one (the embedded 18 to a city's own 15): as SQL, without
    the settings that the older one does not know."""
    psql = program("psql", at_least=server)
    values = client_values(url)
    reader = subprocess.Popen(
        [str(tool), "--no-owner", "--no-privileges", "--file=-", str(dump)],
        env=values, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    writer = subprocess.Popen(
        [str(psql), "--no-psqlrc", "--quiet", "--single-transaction",
         "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        env=values, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert reader.stdout is not None and writer.stdin is not None
    try:
        for line in reader.stdout:  # it stands in the head, before any row of data
            if line == UNKNOWN_BEFORE_17:
                break
            writer.stdin.write(line)
        shutil.copyfileobj(reader.stdout, writer.stdin, 1 << 20)
    except BrokenPipeError:
        pass  # what psql did not like is in its words below
    _, told = writer.communicate()
    reader.stdout.close()
    if reader.wait() or writer.returncode:
        raise DeploymentError(f"数据库恢复没有成功:\n{told.decode(errors='replace')[-2000:]}")


def _compare(url: str, made: paper.Manifest) -> None:
    with psycopg.connect(url) as connection:
        last = connection.execute(
            "SELECT number, last_entry, encode(root, 'hex') FROM record_rootseal "
            "ORDER BY number DESC LIMIT 1"
        ).fetchone() or (0, 0, "")
        found = record_state(connection, last)
    if found != made.record:
        raise DeploymentError(
            f"恢复的记录与备份清单不符:清单 {made.record},数据库 {found}。请换一份备份。"
        )
