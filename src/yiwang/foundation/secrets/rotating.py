"""New numbers for the keys, and taking old ones out: what `yiwang keys` does to the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from yiwang.foundation.environment import DeploymentError
from yiwang.foundation.secrets import fresh_keys, read_content, write_keyring

# A request that began before a rotation still writes with the old key: none lives this long.
SETTLED = timedelta(minutes=10)
RENEWED = ("keys", "index_keys", "secrets")
CODES = "token_keys"


@dataclass(frozen=True, slots=True)
class Numbers:
    """`current` writes; `prepared` is distributed and not in use yet; `older` only read."""

    current: int
    prepared: int | None
    older: tuple[int, ...]
    codes: tuple[int, ...]
    rotated_at: datetime | None


def numbers(folder: Path) -> Numbers:
    """Raises OSError, ValueError, KeyError where the file cannot be read."""
    content = read_content(folder)
    current = int(content["current"])
    held = sorted(int(n) for n in content["keys"])
    told = content.get("rotated_at")
    return Numbers(
        current=current,
        prepared=next((n for n in held if n > current), None),
        older=tuple(n for n in held if n < current),
        codes=tuple(sorted(int(n) for n in content[CODES])),
        rotated_at=datetime.fromisoformat(told) if told else None,
    )


def prepare(folder: Path, *, with_codes: bool) -> int:
    """Add the next number without using it: every node gets the file first. Raises
    DeploymentError where one is prepared already."""
    content, now = read_content(folder), numbers(folder)
    if now.prepared is not None:
        raise DeploymentError(f"第 {now.prepared} 号密钥已经备好,还没有启用。")
    number = now.current + 1
    made = fresh_keys()
    for name in (*RENEWED, *([CODES] if with_codes else [])):
        content[name][str(number)] = made[name]
    write_keyring(folder, content)
    return number


def use(folder: Path, *, at: datetime) -> int:
    """Make the prepared number the current one. `at`: real time."""
    content, now = read_content(folder), numbers(folder)
    if now.prepared is None:
        raise DeploymentError("没有备好的密钥。")
    write_keyring(folder, content | {"current": now.prepared, "rotated_at": at.isoformat()})
    return now.prepared


def refuse_unsettled(folder: Path, *, at: datetime) -> Numbers:
    """Raises DeploymentError where there is nothing to retire, or it is too early."""
    now = numbers(folder)
    if not now.older and len(now.codes) < 2:
        raise DeploymentError("没有可以停用的旧密钥。")
    if now.rotated_at is not None and at - now.rotated_at < SETTLED:
        minutes = int(SETTLED.total_seconds() // 60)
        raise DeploymentError(f"轮换后要等 {minutes} 分钟,让进行中的请求结束,再停用旧密钥。")
    return now


def retire(folder: Path, *, with_codes: bool) -> Path:
    """Take the older numbers out; the whole ring as it was stays beside it, for backups made
    before. Codes and links that were given out work on, unless `with_codes`."""
    content, now = read_content(folder), numbers(folder)
    kept = folder / f"before-{now.current}"
    kept.mkdir(mode=0o700, exist_ok=True)
    write_keyring(kept, content)
    left: dict[str, Any] = dict(content)
    for name in RENEWED:
        left[name] = {n: key for n, key in content[name].items() if int(n) >= now.current}
    if with_codes:
        newest = max(n for n in now.codes if n <= now.current)
        left[CODES] = {n: key for n, key in content[CODES].items() if int(n) >= newest}
    write_keyring(folder, left)
    return kept
