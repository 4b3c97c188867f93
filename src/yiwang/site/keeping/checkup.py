"""`yiwang check`: what would go wrong, told before the start."""

from __future__ import annotations

import os
import shutil
import stat
import zoneinfo
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag

from yiwang.apps.people.outside_settings import outside_of, redirect_uri
from yiwang.foundation.clockwork import now, offset
from yiwang.foundation.environment import DeploymentError, Environment, read_secret
from yiwang.foundation.limits.rules import DEFAULTS, limit_of
from yiwang.foundation.postgres import Cluster, ClusterError
from yiwang.foundation.secrets import has_keyring, load_keyring
from yiwang.foundation.secrets.rotating import numbers
from yiwang.kernel.moment import civil_date
from yiwang.site.database import application_role
from yiwang.site.keeping.backup import last_backup
from yiwang.site.keeping.restore import MARKER, OLDEST_SERVER

GOOD, CARE, WRONG = "✓", "!", "✗"
LEAST_FREE, LITTLE_FREE = 2 * 10**9, 10 * 10**9
SKEW_CARE, SKEW_WRONG = 2.0, 30.0  # seconds between this machine's clock and the database's
SECRETS = ("DATABASE_URL", "YIWANG_OWNER_URL", "YIWANG_METRICS_TOKEN", "YIWANG_OIDC_CLIENT_SECRET")
AtHand = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ✓ good, ! worth a look, ✗ must be mended."""

    mark: str
    text: str


def examine(settings: Environment, at_hand: AtHand) -> list[Finding]:
    """Everything in the order of a start. Changes nothing."""
    found = [
        *_data(settings),
        *_keys(settings),
        *_secret_files(),
        *_outside(),
        *_disk(settings),
        *_time_zone(),
        *_limits(),
        *_web(settings),
    ]
    if settings.database_url is None and not (
        settings.data.is_dir() and Cluster(settings.data).is_made
    ):
        return [*found, Finding(CARE, "内置数据库还没有,第一次启动时建立。")]
    try:
        with at_hand() as url, psycopg.connect(url, connect_timeout=5) as connection:
            found += _database(settings, connection)
    except (psycopg.Error, ClusterError) as error:
        found.append(Finding(WRONG, f"数据库连不上:{_first_line(error)}"))
    return found


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _data(settings: Environment) -> Iterator[Finding]:
    data = settings.data
    if (data / MARKER).exists():
        yield Finding(WRONG, f"数据目录 {data} 里有一次没有完成的恢复,请换空目录重新恢复。")
    if not data.is_dir():
        yield Finding(CARE, f"数据目录 {data} 还没有,第一次启动时建立。")
        return
    if data.stat().st_uid != os.geteuid():
        yield Finding(WRONG, f"数据目录 {data} 属于另一个系统用户,请用同一个用户运行。")
    elif not os.access(data, os.W_OK | os.X_OK):
        yield Finding(WRONG, f"数据目录 {data} 不能写。")
    else:
        yield Finding(GOOD, f"数据目录 {data}")
    for place in (settings.files, settings.roots):
        if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
            yield Finding(WRONG, f"{place} 不能写。")


def _keys(settings: Environment) -> Iterator[Finding]:
    ring = settings.keys / "keyring.json"
    if not has_keyring(settings.keys):
        if settings.roots.is_dir() and any(settings.roots.iterdir()):
            yield Finding(WRONG, f"没有密钥 {ring}:已有数据,必须放回原来的密钥,不能新建。")
        elif settings.database_url is None:
            yield Finding(CARE, f"没有密钥 {ring},第一次启动时建立。")
        else:
            yield Finding(WRONG, f"没有密钥 {ring}:放入同一套密钥;第一次安装用 yiwang keys。")
        return
    open_to_others = [p.name for p in _secret_paths(settings.keys) if _is_open(p)]
    if open_to_others:
        yield Finding(WRONG, f"密钥对其他用户可读:{'、'.join(open_to_others)}。请 chmod 600。")
    try:
        load_keyring(settings.keys)
    except (OSError, ValueError, KeyError) as error:
        yield Finding(WRONG, f"密钥 {ring} 读不出来:{type(error).__name__}")
        return
    if not open_to_others:
        found = numbers(settings.keys)
        yield Finding(GOOD, f"密钥 {settings.keys}(0600),使用第 {found.current} 号")
        if found.older:
            old = "、".join(f"第 {n} 号" for n in found.older)
            yield Finding(CARE, f"旧密钥{old}还在:换完之后运行 yiwang keys retire。")


def _secret_paths(keys: Path) -> list[Path]:
    return [path for path in sorted(keys.rglob("*")) if path.is_file()]


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _secret_files() -> Iterator[Finding]:
    """Where each secret comes from, and whether others can read it there; never its value."""
    for name in SECRETS:
        place = os.environ.get(f"{name}_FILE")
        if not place:
            if os.environ.get(name):
                yield Finding(GOOD, f"{name} 来自环境变量(放进 0600 的文件更好:{name}_FILE)")
            continue
        try:
            read_secret(os.environ, name)
        except DeploymentError as error:
            yield Finding(WRONG, str(error))
            continue
        if _is_open(Path(place).expanduser()):
            yield Finding(WRONG, f"{name}_FILE 指定的文件对其他用户可读,请 chmod 600。")
        else:
            yield Finding(GOOD, f"{name} 来自文件 {place}")


def _outside() -> Iterator[Finding]:
    try:
        found = outside_of()
    except DeploymentError as error:
        yield Finding(WRONG, str(error))
        return
    if found is not None:
        yield Finding(GOOD, f"外部登录 {found.name}({found.issuer}),返回地址 {redirect_uri()}")


def _disk(settings: Environment) -> Iterator[Finding]:
    place = next(p for p in (settings.data, *settings.data.parents) if p.is_dir())
    free = shutil.disk_usage(place).free
    mark = WRONG if free < LEAST_FREE else CARE if free < LITTLE_FREE else GOOD
    yield Finding(mark, f"数据目录所在磁盘剩余 {free / 1e9:.1f} GB")
    made = last_backup(settings)
    if made is None:
        yield Finding(CARE, "没有找到备份的记载。请安排每天运行 yiwang backup。")
    else:
        hours = (now() - made).total_seconds() / 3600
        yield Finding(CARE if hours > 26 else GOOD, f"最近一次备份 {made:%Y-%m-%d %H:%M}")


def _time_zone() -> Iterator[Finding]:
    try:
        zoneinfo.ZoneInfo("Asia/Shanghai")
        yield Finding(GOOD, "时区数据")
    except zoneinfo.ZoneInfoNotFoundError:
        yield Finding(WRONG, "没有时区数据,请安装系统的 tzdata。")


def _limits() -> Iterator[Finding]:
    for name in DEFAULTS:
        try:
            limit_of(name)
        except DeploymentError as error:
            yield Finding(WRONG, str(error))
    if os.environ.get("YIWANG_LIMITS") == "off":
        yield Finding(CARE, "访问限制已全部关闭(YIWANG_LIMITS=off),只应在测量时使用。")


def _web(settings: Environment) -> Iterator[Finding]:
    if settings.is_demo:
        yield Finding(CARE, "演示环境:演示账号和演示时钟已打开,不能用于真实业务。")
    if not settings.city:
        yield Finding(CARE, "没有设置 YIWANG_CITY:页面上不显示城市名称。")
    local = {"127.0.0.1", "localhost", "[::1]", "::1"}
    if "*" in settings.allowed_hosts:
        yield Finding(WRONG, "YIWANG_ALLOWED_HOSTS 不能是 *,请写出域名。")
    if not settings.public_url:
        yield Finding(CARE, "没有设置 YIWANG_PUBLIC_URL:文书上的查验网址会是本机地址。")
    elif not settings.public_url.startswith("https://"):
        yield Finding(CARE, "YIWANG_PUBLIC_URL 不是 https:登录凭据会明文传输。")
    else:
        host = settings.public_url.removeprefix("https://").split("/")[0].split(":")[0]
        if host not in settings.allowed_hosts:
            yield Finding(WRONG, f"YIWANG_ALLOWED_HOSTS 里没有 {host}(YIWANG_PUBLIC_URL)。")
        else:
            yield Finding(GOOD, f"网址 {settings.public_url},登录 Cookie 只经 TLS 发送")
    if not settings.is_loopback and set(settings.allowed_hosts) <= local:
        yield Finding(WRONG, "对外监听但 YIWANG_ALLOWED_HOSTS 只有本机,请加上域名。")


def _database(settings: Environment, connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    version = connection.info.server_version
    is_old = version < OLDEST_SERVER
    yield Finding(
        WRONG if is_old else GOOD,
        f"数据库 PostgreSQL {version // 10000}.{version % 10000}"
        + (",需要 15 以上" if is_old else ""),
    )
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    # Real time against real time: the demonstration clock may be ahead.
    skew = abs(((now() - offset()).astimezone(UTC) - row[0]).total_seconds())
    mark = WRONG if skew > SKEW_WRONG else CARE if skew > SKEW_CARE else GOOD
    yield Finding(mark, f"本机时钟与数据库相差 {skew:.1f} 秒")
    yield from _rights(settings, connection)


def _rights(settings: Environment, connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    row = connection.execute(
        "SELECT to_regclass('record_recordentry') IS NOT NULL, "
        "COALESCE(has_table_privilege(to_regclass('record_recordentry')::oid, 'UPDATE'), false), "
        "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
    ).fetchone()
    assert row is not None
    is_there, may_change, is_super = row
    role = application_role(settings)
    if not is_there:
        yield Finding(CARE, "数据库里还没有结构,启动或 yiwang migrate 时建立。")
    elif is_super:
        yield Finding(WRONG, f"应用角色 {role} 是超级用户,请换成普通角色(见运行手册)。")
    elif may_change:
        yield Finding(
            CARE, f"应用角色 {role} 可以改动记录表。请分成所有者和应用两个角色(见运行手册)。"
        )
    else:
        yield Finding(GOOD, f"应用角色 {role} 不能改动记录")
    if is_there:
        yield from organs_without_seal(connection)
    if is_there and has_keyring(settings.keys):
        yield from _opening(settings, connection)


def _opening(settings: Environment, connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    """Do these keys open what is sealed in this database? One value tells."""
    row = connection.execute("SELECT name FROM people_party ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return
    try:
        load_keyring(settings.keys).decrypt(bytes(row[0]), purpose="people_party.name")
    except (InvalidTag, KeyError, ValueError, OSError):
        yield Finding(
            WRONG, f"{settings.keys} 里的密钥打不开数据库里的加密内容:不是这个系统的密钥。"
        )
        return
    yield Finding(GOOD, "密钥能打开数据库里的加密内容")


def organs_without_seal(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    """The organs that issue papers without a registered seal. Papers are made all the same, with
    a seal that follows from the organ's name: no applicant waits for it, so it is no ✗."""
    there = connection.execute("SELECT to_regclass('documents_organseal') IS NOT NULL").fetchone()
    if there is None or not there[0]:
        return
    names = [
        row[0]
        for row in connection.execute(
            "SELECT o.name FROM people_organ o WHERE o.valid_until IS NULL "
            "AND EXISTS (SELECT 1 FROM catalog_serviceitem i WHERE i.organ_id = o.id) "
            "AND NOT EXISTS (SELECT 1 FROM documents_organseal s WHERE s.organ_id = o.id "
            "AND s.valid_from <= %s AND (s.stopped_on IS NULL OR s.stopped_on > %s)) "
            "ORDER BY o.id LIMIT 101",
            [civil_date(now())] * 2,
        )
    ]
    if not names:
        yield Finding(GOOD, "办理事项的机关都登记了印章")
        return
    number = f"{len(names)} 个" if len(names) <= 100 else "100 多个"
    listed = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
    yield Finding(CARE, f"{number}办理事项的机关未登记印章(/admin/seals/?shown=none):{listed}")
