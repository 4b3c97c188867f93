"""`yiwang backup`: database, files and seals as they were at one instant, while everything runs.

One transaction is the measure of all: its snapshot is what pg_dump reads, its rows say which files
and which seals belong to it. Files are written before the row that names them and never change,
so whatever the snapshot names is on disk; only retention takes files away, and it waits while a
backup is under way (`files_in_use`).
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from yiwang.foundation.environment import DeploymentError, Environment
from yiwang.foundation.postgres.places import major_version
from yiwang.foundation.record.key_files import PUBLIC
from yiwang.foundation.secrets import load_keyring
from yiwang.kernel.chain import leaf_hash, merkle_root
from yiwang.site.keeping import manifest as paper
from yiwang.site.keeping.programs import client_values, program

Say = Callable[[str], None]
# Held in common by backups, alone by the removal of files: `hashtext('yiwang.files')`.
FILES_LOCK = "yiwang.files"
CLOCK = "demonstration-clock"
LAST = "last-backup.json"
_TELL_EVERY = 2000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one transaction sees. `files`: (SHA-256, bytes); `seals`: names of their files."""

    name: str
    server_version: int
    size: int
    schema: dict[str, str]
    record: dict[str, Any]
    files: list[tuple[str, int]]
    seals: list[str]


def place_for(target: Path, at: datetime) -> Path:
    """`target` itself, or a new name inside where it is a folder that exists. Raises
    DeploymentError where something is there already: a backup is never overwritten."""
    target = target.expanduser().absolute()
    if (target / paper.MANIFEST).exists():
        raise DeploymentError(f"{target} 已经是一份备份。备份从不覆盖,请换一个名字。")
    if target.is_dir() and target.suffix != ".tar":
        target = target / f"yiwang-{at:%Y%m%d-%H%M%S}"
    if target.exists() or target.is_symlink():
        raise DeploymentError(f"{target} 已经存在。备份从不覆盖,请换一个名字。")
    return target


def make_backup(
    settings: Environment, url: str, target: Path, *, with_keys: bool, at: datetime, say: Say
) -> tuple[Path, paper.Manifest]:
    """Make one; returns its place and manifest. `target` ending in .tar gives one file.

    Raises DeploymentError. Nothing under the final name until all of it is written and synced.
    """
    place = place_for(target, at)
    place.parent.mkdir(parents=True, exist_ok=True)
    folder = place.with_name(f".{place.name}.{os.getpid()}.part")
    folder.mkdir(mode=0o700)
    before = os.umask(0o077)
    try:
        with files_in_use(url):
            made = _fill(settings, url, folder, with_keys=with_keys, at=at, say=say)
        _finish(folder, place, say)
    finally:
        os.umask(before)
        shutil.rmtree(folder, ignore_errors=True)
    _remember(settings, place, made)
    return place, made


@contextmanager
def files_in_use(url: str) -> Iterator[None]:
    """While this holds, nothing referenced or not is taken out of the files."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [FILES_LOCK])
        yield


def _fill(
    settings: Environment, url: str, folder: Path, *, with_keys: bool, at: datetime, say: Say
) -> paper.Manifest:
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        seen = _look(connection)
        _check_space(settings, folder, seen)
        dump = program("pg_dump", at_least=seen.server_version // 10000)
        say(f"· 数据库({seen.size / 1e6:,.0f} MB),{dump.name} {major_version(dump)}")
        _dump(dump, url, folder / paper.DUMP, seen.name, say)
    say(f"· 文件 {len(seen.files):,} 个")
    damaged = _copy_files(settings.files, folder, seen.files, say)
    say(f"· 签封 {len(seen.seals)} 个")
    _copy_named(settings.roots, folder / "roots", seen.seals)
    if (settings.run / CLOCK).is_file():  # without it the restored city would be in its past
        _copy_named(settings.run, folder / "run", [CLOCK])
    if with_keys:
        say("· 密钥")
        shutil.copytree(settings.keys, folder / "keys", copy_function=_copy)
    ring = load_keyring(settings.keys)
    made = paper.Manifest(
        made_at=at.isoformat(),
        program=importlib.metadata.version("yiwang"),
        server_version=seen.server_version,
        dump_version=major_version(dump),
        schema=seen.schema,
        record=seen.record,
        files={"count": len(seen.files) - len(damaged), "bytes": sum(n for _, n in seen.files)},
        damaged_files=damaged,
        has_keys=with_keys,
        probes=paper.probes_of(ring),
        record_key=(settings.keys / PUBLIC).read_bytes().hex(),
        parts=[paper.part_of(folder, name) for name in paper.part_names(folder)],
    ).signed(settings.keys)
    _write(folder / paper.MANIFEST, made.as_text())
    return made


def _look(connection: psycopg.Connection[Any]) -> Snapshot:
    def one(sql: str) -> Any:
        row = connection.execute(sql).fetchone()
        return row[0] if row else None

    name = one("SELECT pg_export_snapshot()")
    schema = connection.execute(
        "SELECT DISTINCT ON (app) app, name FROM django_migrations ORDER BY app, id DESC"
    ).fetchall()
    last = connection.execute(
        "SELECT number, last_entry, encode(root, 'hex') FROM record_rootseal "
        "ORDER BY number DESC LIMIT 1"
    ).fetchone() or (0, 0, "")
    return Snapshot(
        name=name,
        server_version=connection.info.server_version,
        size=one("SELECT pg_database_size(current_database())"),
        schema=dict(schema),
        record=record_state(connection, last),
        files=connection.execute(
            "SELECT sha256, size FROM files_storedfile ORDER BY sha256"
        ).fetchall(),
        seals=[
            row[0]
            for row in connection.execute("SELECT file_name FROM record_rootseal ORDER BY number")
        ],
    )


def record_state(connection: psycopg.Connection[Any], last: tuple[int, int, str]) -> dict[str, Any]:
    """Entries, last seal with its root, and the Merkle root of what came after it."""
    number = connection.execute("SELECT count(*) FROM record_recordentry").fetchone()
    rows = connection.execute(
        "SELECT subject, seq, hash FROM record_recordentry WHERE id > %s ORDER BY id", [last[1]]
    ).fetchall()
    head = merkle_root([leaf_hash(subject, seq, bytes(found)) for subject, seq, found in rows])
    return {
        "entries": number[0] if number else 0,
        "last_seal": last[0],
        "last_root": last[2],
        "unsealed": len(rows),
        "head_root": head.hex(),
    }


def _check_space(settings: Environment, folder: Path, seen: Snapshot) -> None:
    wanted = seen.size + sum(size for _, size in seen.files)
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise DeploymentError(
            f"备份位置只剩 {free / 1e9:.1f} GB,大约需要 {wanted / 1e9:.1f} GB。请换一个磁盘。"
        )


def _dump(dump: Path, url: str, target: Path, snapshot: str, say: Say) -> None:
    command = [
        str(dump), "--format=custom", "--compress=3", "--no-owner", "--no-privileges",
        "--no-unlogged-table-data", f"--snapshot={snapshot}", f"--file={target}",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env=client_values(url), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while True:
        try:
            _, told = process.communicate(timeout=5)
            break
        except subprocess.TimeoutExpired:
            size = target.stat().st_size if target.exists() else 0
            say(f"  已写 {size / 1e6:,.0f} MB")
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise DeploymentError(f"pg_dump 没有成功:\n{told.decode(errors='replace')[-2000:]}")


def _copy_files(source: Path, folder: Path, files: list[tuple[str, int]], say: Say) -> list[str]:
    """Copy every content, checked against its name; returns those that are not there or changed
    on disk. One bad file must not keep the rest from being saved."""
    damaged, lines = [], []
    for number, (name, size) in enumerate(files, 1):
        target = folder / "files" / name[:2] / name[2:]
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _copy(source / name[:2] / name[2:], target)
        except FileNotFoundError:
            damaged.append(name)
            continue
        if paper.digest_of(target).sha256 != name:
            damaged.append(name)
            target.unlink()
            continue
        lines.append(f"{name} {size}\n")
        if number % _TELL_EVERY == 0:
            say(f"  {number:,} / {len(files):,}")
    _write(folder / paper.FILE_LIST, "".join(lines))
    return damaged


def _copy_named(source: Path, target: Path, names: list[str]) -> None:
    target.mkdir(mode=0o700)
    for name in names:
        if (source / name).is_file():  # a lost seal is `verify`'s to name, before and after
            _copy(source / name, target / name)


def _copy(source: str | Path, target: str | Path) -> None:
    shutil.copyfile(source, target)
    Path(target).chmod(0o600)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)


def _finish(folder: Path, place: Path, say: Say) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    if place.suffix != ".tar":
        os.sync()
        folder.rename(place)
        return
    say("· 打包")
    packed = folder.with_name(f"{folder.name}.tar")
    try:
        with tarfile.open(packed, "w") as archive:
            archive.add(folder, arcname=".")
        packed.chmod(0o600)
        os.sync()
        os.link(packed, place)  # refuses where something has appeared meanwhile
    finally:
        packed.unlink(missing_ok=True)


def _remember(settings: Environment, place: Path, made: paper.Manifest) -> None:
    """What `yiwang upgrade` and the monitor ask: when the last backup was made, and where."""
    target = settings.run / LAST
    settings.run.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(f".{os.getpid()}")
    _write(partial, json.dumps({"at": made.made_at, "place": str(place)}, ensure_ascii=False))
    partial.replace(target)


def last_backup(settings: Environment) -> datetime | None:
    """When the last backup of this deployment was made; None where that is not known."""
    try:
        told = json.loads((settings.run / LAST).read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
