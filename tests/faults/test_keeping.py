"""Backing up a city at work and restoring it elsewhere, with real processes."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.house import ROOT, House
from tests.faults.test_kills import PASSWORD, Load, wait_until_settled
from tests.faults.test_older_postgresql import OLDEST
from yiwang.foundation.postgres import Cluster
from yiwang.foundation.postgres.cluster import OWNER_ROLE

pytestmark = pytest.mark.faults


def yiwang(values: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator would; output and exit code."""
    return subprocess.run(
        [sys.executable, "-m", "yiwang", *arguments],
        env=values, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def entries_in(place: Path) -> int:
    return int(json.loads((place / "manifest.json").read_text())["record"]["entries"])


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder that the database's own user can reach, gone afterwards; pytest's are private."""
    with tempfile.TemporaryDirectory(prefix="yiwang-keeping-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def place() -> Iterator[Path]:
    with a_folder() as folder:
        yield folder


@pytest.fixture
def elsewhere(place: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty deployment with a database of its own city's: PostgreSQL 15
    where Debian's is installed (an older one than the embedded), else a new data folder."""
    values = House(place).values
    if not (OLDEST / "initdb").exists():
        yield values
        return
    cluster = Cluster(place / "outside", is_durable=False, programs=OLDEST)
    cluster.start()
    try:
        owner = {"YIWANG_OWNER_URL": cluster.url(OWNER_ROLE)}
        yield values | owner | {"DATABASE_URL": cluster.url()}
    finally:
        cluster.stop()


@dataclass
class City:
    """A demonstration city and the backup made of it while people were handing in."""

    house: House
    backup: Path
    told: subprocess.CompletedProcess[str]
    before: int
    errors: list[str] = field(default_factory=list)

    @property
    def keys(self) -> Path:
        return self.house.data / "keys"


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with a_folder() as folder:
        house = House(folder)
        house.up()
        try:
            yield at_work(house, folder / "backup")
        finally:
            house.down()


def at_work(house: House, backup: Path) -> City:
    """Back the city up in the middle of the work; the work is over when this returns."""
    work = json.loads(house.run("tests.faults.prepare", "400", "6").splitlines()[-1])
    load = Load(house, work)
    threads = [
        threading.Thread(target=load.run, args=(who,), daemon=True)
        for who in (load.citizen, load.citizen, load.approver)
    ]
    for thread in threads:
        thread.start()
    while not (load.submitted and load.granted):
        assert not load.errors, load.errors
        time.sleep(0.05)
    before = len(load.submitted)
    told = yiwang(house.values, "backup", str(backup))
    after = len(load.submitted)
    load.stop.set()
    for thread in threads:
        thread.join(60)
    assert after > before, "nobody handed in while the backup was made"
    wait_until_settled(house)
    return City(house, backup, told, before, load.errors)


@pytest.fixture(scope="module")
def restored(city: City) -> Iterator[House]:
    """A second backup, of the settled city, in one file, restored into a fresh folder and up."""
    with a_folder() as folder:
        made = yiwang(city.house.values, "backup", str(folder / "whole.tar"), "--with-keys")
        assert made.returncode == 0 and "请加密保管" in made.stdout, made.stderr
        house = House(folder)
        done = yiwang(house.values, "restore", str(folder / "whole.tar"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "记录完整,没有发现改动。" in done.stdout
        house.up()
        try:
            yield house
        finally:
            house.down()


def fetch(client: Client, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
    cookies = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
    connection.request("GET", path, headers={"Cookie": cookies})
    response = connection.getresponse()
    return response.status, response.read()


def test_a_backup_while_people_work_is_one_instant_and_an_upgrade_wants_one(
    city: City, place: Path, elsewhere: dict[str, str]
) -> None:
    assert city.told.returncode == 0, city.told.stderr
    assert city.errors == []
    assert "密钥没有放进备份" in city.told.stdout
    assert not (city.backup / "keys").exists()
    assert entries_in(city.backup) >= city.before
    modes = {stat.S_IMODE(p.stat().st_mode) for p in city.backup.rglob("*") if p.is_file()}
    assert modes == {0o600} and stat.S_IMODE(city.backup.stat().st_mode) == 0o700
    assert not list(city.backup.parent.glob(".*.part"))
    done = yiwang(elsewhere, "restore", str(city.backup), "--keys", str(city.keys))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"记录 {entries_in(city.backup):,} 条" in done.stdout
    again = yiwang(elsewhere, "restore", str(city.backup), "--keys", str(city.keys))
    assert again.returncode == 2 and "已经有内容" in again.stderr
    assert "记录完整,没有发现改动。" in done.stdout
    without = yiwang(elsewhere, "upgrade")
    assert without.returncode == 2 and "yiwang backup" in without.stderr
    assert yiwang(elsewhere, "backup", str(place / "b")).returncode == 0
    for _ in range(2):
        upgraded = yiwang(elsewhere, "upgrade")
        assert upgraded.returncode == 0 and "升级完成" in upgraded.stdout, upgraded.stderr
    running = yiwang(city.house.values, "upgrade")
    assert running.returncode == 2 and "已经有一个一网" in running.stderr


def test_a_backup_never_covers_another(city: City) -> None:
    again = yiwang(city.house.values, "backup", str(city.backup))
    assert again.returncode == 2 and "从不覆盖" in again.stderr
    file = city.backup.parent / "one.tar"
    file.write_bytes(b"somebody's")
    refused = yiwang(city.house.values, "backup", str(file))
    assert refused.returncode == 2 and "从不覆盖" in refused.stderr
    assert file.read_bytes() == b"somebody's"


def test_the_restored_city_works(city: City, restored: House) -> None:
    made_at = json.loads((city.backup / "manifest.json").read_text())["made_at"]
    papers = json.loads(city.house.run("tests.faults.papers", "documents", made_at))
    assert papers
    citizen = Client(restored.port, "lin-xiaoman", PASSWORD)
    for paper in papers[:10]:
        status, content = fetch(citizen, paper["url"])
        assert status == 200 and content.startswith(b"%PDF")
        assert hashlib.sha256(content).hexdigest() == paper["sha256"]
    assert json.loads(restored.run("tests.faults.papers", "documents", made_at)) == papers


def test_retention_by_the_applications_role_leaves_the_record_clean(restored: House) -> None:
    told = yiwang(restored.values, "retention")
    assert told.returncode == 0 and "没有动手" in told.stdout
    done = yiwang(restored.values, "retention", "--do")
    assert done.returncode == 0, done.stderr
    checked = yiwang(restored.values, "verify", "--json")
    assert checked.returncode == 0 and json.loads(checked.stdout)["findings"] == []


def test_two_processes_share_a_limit(restored: House) -> None:
    first = json.loads(restored.run("tests.faults.papers", "spend", "somebody"))
    second = json.loads(restored.run("tests.faults.papers", "spend", "somebody"))
    assert first == [0, 0, 0] and second[:2] == [0, 0] and second[2] > 0


def test_a_check_before_the_start(restored: House) -> None:
    done = yiwang(restored.values, "check")
    assert done.returncode == 0, done.stdout
    assert "PostgreSQL" in done.stdout and "不能改动记录" in done.stdout
    (restored.data / "keys" / "keyring.json").chmod(0o644)
    wrong = yiwang(restored.values, "check")
    (restored.data / "keys" / "keyring.json").chmod(0o600)
    assert wrong.returncode == 1 and "keyring.json" in wrong.stdout


def refused(city: City, place: Path, source: Path, *more: str) -> str:
    """The words of a restore that must not happen; the target stays empty."""
    target = House(place)
    done = yiwang(target.values, "restore", str(source), *more)
    assert done.returncode == 2, done.stdout + done.stderr
    left = [p.name for p in target.data.rglob("*") if p.is_file()]
    assert left == ["supervisor.lock"]
    return done.stderr


@pytest.mark.parametrize("part", ["database.dump", "files.txt", "roots", "files", "manifest.json"])
def test_a_tampered_backup_is_refused(city: City, place: Path, part: str) -> None:
    copy = place / "copy"
    shutil.copytree(city.backup, copy)
    path = copy / part
    if path.is_dir():
        path = next(p for p in sorted(path.rglob("*")) if p.is_file())
    if part == "manifest.json":
        path.write_text(path.read_text().replace('"entries": ', '"entries": 1'))
    else:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    words = refused(city, place, copy, "--keys", str(city.keys))
    assert "不符" in words or "被改动" in words


def test_what_is_missing_is_named(city: City, place: Path) -> None:
    copy = place / "copy"
    shutil.copytree(city.backup, copy)
    (copy / "database.dump").unlink()
    (copy / "roots" / "000009-2026-01-01.json.gz").write_bytes(b"more")
    words = refused(city, place, copy, "--keys", str(city.keys))
    assert "database.dump 不见了" in words and "000009-2026-01-01.json.gz 不在清单里" in words


def test_keys_are_asked_for_first(city: City, place: Path) -> None:
    assert "--keys" in refused(city, place, city.backup)
    other = place / "other"
    shutil.copytree(city.keys, other)
    ring = json.loads((other / "keyring.json").read_text())
    ring["keys"] = {"1": os.urandom(32).hex()}
    (other / "keyring.json").write_text(json.dumps(ring))
    words = refused(city, place, city.backup, "--keys", str(other))
    assert "不是同一套密钥" in words
    shutil.copytree(other, House(place).data / "keys")
    words = yiwang(
        House(place).values, "restore", str(city.backup), "--keys", str(city.keys)
    ).stderr
    assert "另一套密钥" in words


def test_a_full_place_is_refused(city: City) -> None:
    done = yiwang(
        {**city.house.values, "PORT": "1"}, "restore", str(city.backup), "--keys", str(city.keys)
    )
    assert done.returncode == 2 and "已经有一个一网" in done.stderr


def test_a_backup_of_a_newer_version_is_refused(city: City, place: Path) -> None:
    copy = place / "copy"
    shutil.copytree(city.backup, copy)
    code = (
        "import sys; from pathlib import Path; from yiwang.site.keeping import manifest as m;"
        "p = Path(sys.argv[1]); made = m.read_manifest(p);"
        "made.schema['cases'] = '9999_later';"
        "(p / m.MANIFEST).write_text(made.signed(Path(sys.argv[2])).as_text())"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(copy), str(city.keys)], env=city.house.values, check=True
    )
    words = refused(city, place, copy, "--keys", str(city.keys))
    assert "更新版本" in words and "9999_later" in words
