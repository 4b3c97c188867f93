"""`yiwang bench`: rates, latencies, application CPU and statements over HTTP, at size.

Everything is real: the embedded database (durable), gunicorn, sessions, permissions, clones of
real cases with their chains. Each client is a process of its own on the same machine, so the
figures include the clients' share of the two cores.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from yiwang.foundation.environment import Environment, environment
from yiwang.site.measuring.scenarios import SCENARIOS, Scenario

Say = Callable[[str], None]
HEAD = f"{'项目':<26}{'每秒':>8}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'语句':>6}"


@contextmanager
def measured_house(cases: int, say: Say) -> Iterator[tuple[dict[str, Any], Environment]]:
    """A data folder of its own with `cases` cases, gunicorn in front of it, ready to be asked."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="yiwang-bench-"))
        Path(folder).chmod(0o755)
        os.environ |= {"YIWANG_DATA": f"{folder}/data", "YIWANG_DEMO": "1", "YIWANG_MEASURE": "1"}
        os.environ["YIWANG_LIMITS"] = "off"  # the clients ask as fast as they can
        os.environ.pop("DATABASE_URL", None)
        environment.cache_clear()
        settings = environment()
        from yiwang.site.supervisor import Supervisor, is_answering, web_command, yiwang_command

        keeper = Supervisor(settings, say)
        values = stack.enter_context(keeper.database())
        os.environ.update(keeper.owner_values(values))  # the stock is loaded as the owner
        subprocess.run(yiwang_command("migrate"), env=keeper.owner_values(values), check=True)
        for command in ("prepare", "demo"):
            subprocess.run(yiwang_command(command), env=values, check=True)
        from yiwang.site.cli import setup_django

        setup_django()
        from yiwang.site.measuring.stock import stock

        say(f"· 装入 {cases:,} 个办件")
        begun = time.monotonic()
        goods = stock(cases)
        assert keeper.cluster is not None
        keeper.cluster.checkpoint()
        say(f"  用时 {time.monotonic() - begun:.0f} 秒,记录 {goods['entries']:,} 条")
        keeper.start("网站", web_command(settings), values)
        stack.callback(keeper.stop)
        while not is_answering(settings):
            time.sleep(0.2)
        yield goods, settings


def run_bench(*, cases: int, clients: int, seconds: float, say: Say) -> None:
    """Build a data folder of its own, load it, measure every scenario, print a table."""
    with measured_house(cases, say) as (goods, settings):
        print(f"\n{clients} 个客户端,每项 {seconds:g} 秒,{cases:,} 个办件\n{HEAD}")
        for scenario in SCENARIOS:
            print(_row(scenario, _measure(scenario, goods, clients, seconds, settings.port)))
            sys.stdout.flush()
        _kernel_rows()
        _verify_row(settings.roots)


def _measure(
    scenario: Scenario, goods: dict[str, Any], clients: int, seconds: float, port: int
) -> dict[str, Any]:
    """Run one scenario with `clients` processes; their samples together."""
    stock = goods[scenario.stock]
    work = [stock if scenario.repeats else stock[n::clients] for n in range(clients)]
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "yiwang.site.measuring.load"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ,
        )
        for _ in range(clients)
    ]  # fmt: skip
    orders = [
        {
            "scenario": scenario.name,
            "port": port,
            "seconds": seconds,
            "work": part,
            "body": goods["bodies"].get(scenario.stock, "{}"),
        }
        for part in work
    ]
    for child, order in zip(children, orders, strict=True):
        assert child.stdin is not None
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
    for child in children:  # everybody signed in
        assert child.stdout is not None
        child.stdout.readline()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    found = [json.loads(child.communicate()[0].splitlines()[-1]) for child in children]
    return {
        "rate": sum(len(f["times"]) / f["took"] for f in found if f["took"]),
        "times": [t for f in found for t in f["times"]],
        "cpu": [t for f in found for t in f["cpu"]],
        "statements": [n for f in found for n in f["statements"]],
        "errors": [e for f in found for e in f["errors"]],
    }


def _row(scenario: Scenario, found: dict[str, Any]) -> str:
    if not found["times"]:
        return f"{scenario.title:<26}  没有结果:{found['errors'][:1]}"
    times = sorted(found["times"])
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    note = f"   {len(found['errors'])} 个错误:{found['errors'][0]}" if found["errors"] else ""
    return (
        f"{scenario.title:<26}{found['rate']:>8.0f}{statistics.median(times):>9.1f}{p95:>9.1f}"
        f"{statistics.median(found['cpu']):>9.2f}{statistics.median(found['statements']):>6.0f}{note}"
    )


def _kernel_rows() -> None:
    from datetime import date, timedelta

    from yiwang.foundation.calendars.package import package_days, package_years
    from yiwang.kernel.calendar import Calendar
    from yiwang.kernel.clock import Limit, Pause, deadline

    calendar = Calendar(package_days(), noticed_years=package_years(), version="bench")
    start, limit = date(2026, 3, 2), Limit.parse("20wd")
    pauses = [
        Pause(start + timedelta(days=5 * n + 2), start + timedelta(days=5 * n + 4))
        for n in range(10)
    ]
    rounds = 20_000
    begun = time.process_time()
    for _ in range(rounds):
        deadline(start, limit, calendar, pauses)
    each = (time.process_time() - begun) / rounds * 1e6
    print(
        f"{'期限(十次停止计时)':<22}{1e6 / each:>8.0f}{'':>9}{'':>9}{each / 1000:>9.3f}     0   ({each:.0f} 微秒)"
    )


def _verify_row(roots: Path) -> None:
    from yiwang.site.verifying import verify_all

    begun = time.monotonic()
    report = verify_all(roots)
    took = time.monotonic() - begun
    clean = "无发现" if report.is_clean else f"{len(report.findings)} 处发现:{report.findings[0]}"
    print(
        f"{'核验全部记录(条/秒)':<22}{report.entries / took:>8.0f}   {report.entries:,} 条 {took:.0f} 秒,{clean}"
    )
