"""Taking away contents that nothing refers to, while others may be storing the very same ones.

A row goes only where no table refers to it (the database's own foreign keys have the last word),
and a file only after its row has gone and nobody has touched it meanwhile. While a backup is
under way nothing is taken away at all.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, connection, transaction

from yiwang.foundation.environment import environment
from yiwang.foundation.files.models import Attachment, StoredFile
from yiwang.foundation.files.storing import path_of

# Held in common by backups, alone by removals.
LOCK = "yiwang.files"
REST = 24 * 3600.0  # seconds a touched file is left alone: who touched it may be about to name it
PREFIXES = tuple(f"{number:02x}" for number in range(256))


@contextlib.contextmanager
def alone() -> Iterator[bool]:
    """True while no backup is under way and none can begin."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        is_held = bool(cursor.fetchone()[0])
    try:
        yield is_held
    finally:
        if is_held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


def _unreferenced(model: type[StoredFile] | type[Attachment], alias: str) -> str:
    """SQL that holds for a row of `alias` to which no table refers."""
    parts = []
    for relation in model._meta.related_objects:
        table, column = relation.related_model._meta.db_table, relation.field.column
        key = model._meta.pk.column
        parts.append(f'NOT EXISTS (SELECT 1 FROM "{table}" x WHERE x."{column}" = {alias}."{key}")')
    return " AND ".join(parts)


def unreferenced_attachments() -> str:
    """SQL that holds for a row `a` of attachments to which no table refers."""
    return _unreferenced(Attachment, "a")


def count_unneeded(before: datetime) -> tuple[int, int]:
    """(contents, bytes) stored before an instant that nothing refers to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), COALESCE(sum(size), 0) FROM files_storedfile f "
            f"WHERE stored_at < %s AND {_unreferenced(StoredFile, 'f')}",
            [before],
        )
        number, size = cursor.fetchone()
    return int(number), int(size)


def remove_unneeded(before: datetime, *, most: int) -> int:
    """Remove up to `most` contents with their files; how many. Call it inside `alone()`."""
    sql = (
        "DELETE FROM files_storedfile WHERE sha256 IN ("
        "SELECT sha256 FROM files_storedfile f "
        f"WHERE stored_at < %s AND {_unreferenced(StoredFile, 'f')} "
        "LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING sha256"
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [before, most])
            names = [row[0] for row in cursor.fetchall()]
    except IntegrityError:  # somebody has just attached one of them; another night
        return 0
    for name in names:
        take_away(path_of(name), since=time.time() - REST)
    return len(names)


def take_away(path: Path, *, since: float) -> bool:
    """Delete a file that nobody has touched from `since` on (seconds of the epoch).

    It is renamed first: who stores the same content touches it before (then its time shows it,
    and it is put back) or does not find it any more (and writes it anew).
    """
    going = path.with_suffix(f".{os.getpid()}.going")
    try:
        path.rename(going)
        if going.stat().st_mtime >= since:
            going.rename(path)
            return False
    except FileNotFoundError:
        return False
    going.unlink()
    return True


def strays(prefixes: tuple[str, ...] = PREFIXES) -> Iterator[Path]:
    """Files on disk that no row names and that have rested for a day: left by broken-off
    transactions, kills and removals."""
    latest = time.time() - REST
    for prefix in prefixes:
        folder = environment().files / prefix
        if not folder.is_dir():
            continue
        found = {prefix + path.name: path for path in folder.iterdir() if path.is_file()}
        known = set(
            StoredFile.objects.filter(sha256__startswith=prefix).values_list("sha256", flat=True)
        )
        for name in sorted(set(found) - known):
            with contextlib.suppress(FileNotFoundError):
                if found[name].stat().st_mtime < latest:
                    yield found[name]


def remove_strays(prefixes: tuple[str, ...] = PREFIXES) -> int:
    """Delete them; how many. Call it inside `alone()`."""
    latest = time.time() - REST
    return sum(take_away(path, since=latest) for path in strays(prefixes))
