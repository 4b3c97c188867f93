"""`yiwang keys`: sealed columns and blind indexes carried over to the current key.

Everything is decided by what the rows say: a sealed value names its key in its first two bytes.
So there is no state to lose: after a kill the next run begins with what is left. It runs beside
the live system, as the owner, since the application may not change what only grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connection, transaction

from yiwang.apps.people.public import align_authorisations, align_parties, stale_indexes
from yiwang.foundation.environment import DeploymentError
from yiwang.foundation.secrets import keyring
from yiwang.foundation.secrets.fields import EncryptedField

Say = Callable[[str], None]
BATCH = 500
_TELL_EVERY = 10  # batches


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column, with its table's key."""

    table: str
    key: str
    name: str

    @property
    def purpose(self) -> str:
        return f"{self.table}.{self.name}"


def sealed_columns() -> list[Column]:
    """Every sealed column of every model."""
    return [
        Column(model._meta.db_table, str(model._meta.pk.column), str(field.column))
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, EncryptedField) and model._meta.managed
    ]


def _number() -> bytes:
    return keyring().current.to_bytes(2, "big")


def left_to_do() -> dict[str, int]:
    """Column → how many of its values are sealed with another key than the current one."""
    found = {}
    with connection.cursor() as cursor:
        for column in sealed_columns():
            cursor.execute(
                f"SELECT count(*) FROM {column.table} WHERE {column.name} IS NOT NULL "
                f"AND substring({column.name} FROM 1 FOR 2) <> %s",
                [_number()],
            )
            if number := cursor.fetchone()[0]:
                found[column.purpose] = number
    return found


def recrypt(say: Say, *, batch: int = BATCH) -> int:
    """Carry over what is left, in transactions of `batch` rows; how many values changed.
    Raises DeploymentError for a value no key opens: it is named and nothing is lost."""
    total = 0
    for name, step in (("服务对象索引", align_parties), ("委托索引", align_authorisations)):
        after: int | None = 0
        while after is not None:
            done, after = step(after, batch)
            total += done
        say(f"· {name} 完成")
    for column in sealed_columns():
        done = sum(_told(_batches(column, batch), column, say))
        total += done
        if done:
            say(f"· {column.purpose} {done:,} 条完成")
    return total


def _told(parts: Iterator[int], column: Column, say: Say) -> Iterator[int]:
    total = 0
    for count, done in enumerate(parts, 1):
        total += done
        if count % _TELL_EVERY == 0:
            say(f"  {column.purpose} 已换 {total:,} 条")
        yield done


def _batches(column: Column, most: int) -> Iterator[int]:
    after: Any = None
    while True:
        rows = _next(column, after, most)
        if not rows:
            return
        yield _reseal(column, rows)
        after = rows[-1][0]


def _next(column: Column, after: Any, most: int) -> list[tuple[Any, bytes]]:
    beyond = "" if after is None else f"AND {column.key} > %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column.key}, {column.name} FROM {column.table} "
            f"WHERE {column.name} IS NOT NULL AND substring({column.name} FROM 1 FOR 2) <> %s "
            f"{beyond} ORDER BY {column.key} LIMIT %s",
            [_number(), *([] if after is None else [after]), most],
        )
        return [(key, bytes(value)) for key, value in cursor.fetchall()]


def _reseal(column: Column, rows: list[tuple[Any, bytes]]) -> int:
    """Compare and swap: what somebody wrote meanwhile is newer, and stays."""
    ring, done = keyring(), 0
    with transaction.atomic(), connection.cursor() as cursor:
        for key, sealed in rows:
            try:
                value = ring.decrypt(sealed, purpose=column.purpose)
            except (InvalidTag, KeyError) as error:
                raise DeploymentError(
                    f"{column.table} 的 {key} 号 {column.name} 没有密钥能打开,已停下。"
                    "请从备份核对这一条,再重新运行。"
                ) from error
            cursor.execute(
                f"UPDATE {column.table} SET {column.name} = %s "
                f"WHERE {column.key} = %s AND {column.name} = %s",
                [ring.encrypt(value, purpose=column.purpose), key, sealed],
            )
            done += cursor.rowcount
    return done


def refuse_in_use() -> None:
    """Raises DeploymentError while anything needs a key that is not the current one."""
    left = left_to_do()
    if left:
        named = "、".join(f"{name}({number:,})" for name, number in sorted(left.items()))
        raise DeploymentError(f"还有内容用旧密钥加密:{named}。请先运行 yiwang keys recrypt。")
    if stale := stale_indexes():
        raise DeploymentError(f"还有 {stale:,} 条索引用旧密钥。请先运行 yiwang keys recrypt。")
