"""`yiwang upgrade`: after a new version was installed and before it serves. May be repeated."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg

from yiwang.foundation.environment import DeploymentError, Environment
from yiwang.site import supervisor
from yiwang.site.database import EMBEDDED_URL
from yiwang.site.keeping.backup import last_backup

Say = Callable[[str], None]
FRESH = timedelta(hours=24)
LEAST_FREE = 2 * 10**9
LAST_SEALS = 7


def upgrade(settings: Environment, *, with_backup: bool, at: datetime, say: Say) -> None:
    """Check, migrate as the owner, prepare, hold the last seals against the record.

    Raises DeploymentError; subprocess.CalledProcessError where a step failed (its reason was
    printed). A migration is one transaction each: what failed has changed nothing.
    """
    keeper = supervisor.Supervisor(settings, say)
    if with_backup:
        refuse_without_backup(settings, at=at)
    with keeper.database() as values:
        owner = keeper.owner_values(values)
        url = owner.get(EMBEDDED_URL) or settings.owner_url or str(settings.database_url)
        _check_space(settings, url)
        run = supervisor.yiwang_command
        say("· 更新数据库结构")
        subprocess.run(run("migrate"), env=owner, check=True)
        say("· 准备密钥、日历、静态文件")
        subprocess.run(run("prepare"), env=values, check=True)
        say(f"· 核对最近 {LAST_SEALS} 个签封")
        subprocess.run(run("verify", "--last-seals", str(LAST_SEALS)), env=values, check=True)


def refuse_without_backup(settings: Environment, *, at: datetime) -> None:
    """Raises DeploymentError where the last backup is older than a day, or not known."""
    made = last_backup(settings)
    if made is not None and at - made < FRESH:
        return
    told = f"最近一次备份是 {made:%Y-%m-%d %H:%M}" if made else "没有找到备份的记载"
    raise DeploymentError(
        f"{told}。升级前请先运行 yiwang backup <目录>;"
        "确实已经用别的办法备份的,用 yiwang upgrade --without-backup。"
    )


def _check_space(settings: Environment, url: str) -> None:
    """A migration may write a table anew: a third of the database, two gigabytes at least."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    wanted = max(LEAST_FREE, row[0] // 3 if row else 0)
    free = shutil.disk_usage(settings.data).free
    if free < wanted:
        raise DeploymentError(
            f"数据目录所在磁盘只剩 {free / 1e9:.1f} GB,升级需要 {wanted / 1e9:.1f} GB。"
        )
