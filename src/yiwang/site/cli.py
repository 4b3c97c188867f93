"""The `yiwang` command."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click

from yiwang.foundation.environment import DeploymentError, Environment, environment

ERRORS = (DeploymentError,)
ANSWERS_WITHIN = 30.0  # seconds a running database is waited for


def say(text: str) -> None:
    click.echo(text, err=True)


def main() -> None:
    """Run the command; deployment errors are words, not tracebacks."""
    from yiwang.foundation.postgres.places import ClusterError
    from yiwang.site.keeping.commands import add_commands

    add_commands(cli)
    try:
        cli.main(standalone_mode=True)
    except (DeploymentError, ClusterError) as error:
        say(f"✗ {error}")
        sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """一网:一座城市的政务服务平台。每个子命令都有 --help。"""


@contextlib.contextmanager
def database_at_hand(*, as_owner: bool = False) -> Iterator[str]:
    """The address of a database: the one given, the one running, or one started for this command.

    `as_owner`: by the owner's role, where the deployment has told it.
    """
    from yiwang.foundation.postgres.cluster import APP_ROLE, OWNER_ROLE
    from yiwang.site.database import AS_OWNER, EMBEDDED_URL, current_url

    settings = environment()
    if as_owner:
        os.environ[AS_OWNER] = "1"
    with contextlib.ExitStack() as stack:
        if settings.database_url is None and (as_owner or EMBEDDED_URL not in os.environ):
            role = OWNER_ROLE if as_owner else APP_ROLE
            os.environ[EMBEDDED_URL] = stack.enter_context(_embedded(settings, role))
        yield current_url(settings)


@contextlib.contextmanager
def _embedded(settings: Environment, role: str) -> Iterator[str]:
    """The embedded database that is running, else one started for as long as this is needed.

    Starting one ends whatever still runs in its folder, so it is done under the supervisor's
    lock only: a database that is merely slow to answer is waited for. Raises DeploymentError.
    """
    from yiwang.foundation.postgres import Cluster
    from yiwang.foundation.postgres.cluster import running_url
    from yiwang.site import supervisor

    give_up = time.monotonic() + ANSWERS_WITHIN
    with contextlib.ExitStack() as stack:
        while (url := running_url(settings.data, role)) is None:
            try:
                stack.enter_context(supervisor.only_one(settings))
            except supervisor.AlreadyRunningError as error:
                if time.monotonic() > give_up:
                    raise DeploymentError(
                        f"一网正在使用 {settings.data},但它的数据库没有回答。"
                        "请用启动它的同一个系统用户运行;仍不行,看 run/database.log。"
                    ) from error
                time.sleep(0.5)
                continue
            cluster = Cluster(settings.data)
            stack.callback(cluster.stop)
            cluster.start()
            url = cluster.url(role)
            break
        yield url


@contextlib.contextmanager
def connected(*, as_owner: bool = False) -> Iterator[None]:
    """Django with the database at hand."""
    with database_at_hand(as_owner=as_owner):
        setup_django()
        try:
            yield
        finally:
            from django.db import connection

            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


def setup_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    django.setup()


@cli.command()
@click.option("--demo", is_flag=True, help="装入演示城市,开放一键登录和演示时钟(仅限本机)。")
def up(demo: bool) -> None:
    """启动数据库、后台任务和网站,直到按 Ctrl-C。"""
    from yiwang.site import supervisor
    from yiwang.site.keeping.restore import refuse_unfinished

    if demo:
        os.environ["YIWANG_DEMO"] = "1"
        environment.cache_clear()
    settings = environment()
    with supervisor.only_one(settings):
        supervisor.check_port(settings)
        refuse_unfinished(settings)
        keeper = supervisor.Supervisor(settings, say)
        try:
            say("· 启动数据库")
            with keeper.database() as values:
                say("· 更新数据库结构")
                run = supervisor.yiwang_command
                subprocess.run(run("migrate"), env=keeper.owner_values(values), check=True)
                subprocess.run(run("prepare"), env=values, check=True)
                if demo:
                    subprocess.run(run("demo"), env=values, check=True)
                say("· 启动后台任务和网站")
                keeper.start("后台任务", run("worker"), values)
                keeper.start("网站", supervisor.web_command(settings), values)
                try:
                    keeper.run(values, on_ready=lambda: announce(demo))
                finally:
                    say("\n· 正在停止")
                    keeper.stop()
        except subprocess.CalledProcessError as error:
            raise DeploymentError(
                f"准备步骤没有成功(代码 {error.returncode}),请看上面的原因。"
            ) from error
        except KeyboardInterrupt:
            keeper.stop()
    say("已停止。")


def announce(demo: bool) -> None:
    settings = environment()
    click.echo(f"\n一网已就绪:http://{settings.host}:{settings.port}/   (Ctrl-C 停止)\n")
    if demo:
        from yiwang.site.demonstration.accounts import account_table

        click.echo(account_table())
        click.echo(
            f"登录页可以一键进入每个角色;也可以用上面的登录名和密码。演示导览:http://{settings.host}:{settings.port}/demo/\n"
        )
    sys.stdout.flush()


@cli.command()
def migrate() -> None:
    """更新数据库结构并授予应用所需的最小权限。"""
    from yiwang.site.database import AS_OWNER

    os.environ[AS_OWNER] = "1"
    setup_django()
    from django.core.management import call_command

    from yiwang.site.grants import grant_application

    call_command("migrate", interactive=False, verbosity=0)
    grant_application()


@cli.command()
def prepare() -> None:
    """准备密钥、签名证书、日历、静态文件(可重复执行)。"""
    setup_django()
    from yiwang.site.preparing import prepare_all

    prepare_all()


@cli.command()
def demo() -> None:
    """装入演示城市(只装一次)。"""
    setup_django()
    from yiwang.site.demonstration.loading import load_demonstration

    load_demonstration(say)


@cli.command()
def worker() -> None:
    """后台任务:投递事件、到时事项、消息、文书、签封。"""
    setup_django()
    from yiwang.site.worker import run_worker

    run_worker()


@cli.command()
def serve() -> None:
    """只启动网站(数据库已在运行或由 DATABASE_URL 指定)。"""
    from yiwang.foundation.secrets import keyring
    from yiwang.site import supervisor
    from yiwang.site.keeping.restore import refuse_unfinished

    refuse_unfinished(environment())
    keyring()  # said here in words, not by every web process in a traceback
    environment().run.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = supervisor.web_command(environment())
    os.execv(command[0], command)  # noqa: S606 - our own interpreter


@cli.command()
@click.argument("start")
@click.argument("limit")
@click.option(
    "--pause", "pauses", multiple=True, metavar="起..止", help="停止计时,可以多次;止可以省略。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def deadline(start: str, limit: str, pauses: tuple[str, ...], as_json: bool) -> None:
    """计算到期日:yiwang deadline 2026-03-02 5wd --pause 2026-03-04..2026-03-10

    期限单位:wd 工作日、d 自然日、wh 工作小时、h 小时、min 分钟、mon 月。
    """
    from yiwang.site.deadline_command import InputError, explain_deadline

    try:
        result = explain_deadline(start, limit, pauses)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    click.echo(
        json.dumps(result.as_json(), ensure_ascii=False, indent=2) if as_json else result.as_text()
    )


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option(
    "--roots", type=click.Path(path_type=Path), help="签封文件目录(默认为数据目录下的 roots)。"
)
@click.option(
    "--last-seals",
    type=click.IntRange(min=1),
    metavar="个数",
    help="只核对最近几个签封和其中的条目,几秒钟。",
)
def verify(as_json: bool, roots: Path | None, last_seals: int | None) -> None:
    """核验记录:指出每一处被改动、缺失、调换的条目,截断的尾部和消失的对象。"""
    with connected():
        from yiwang.site.verifying import verify_all, verify_last_seals

        place = roots or environment().roots
        report = verify_last_seals(place, last_seals) if last_seals else verify_all(place)
    click.echo(
        json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else report.as_text()
    )
    sys.exit(0 if report.is_clean else 1)


@cli.command()
def seal() -> None:
    """签封到现在为止的记录(每天自动进行一次)。"""
    with connected():
        from yiwang.foundation.clockwork import now
        from yiwang.foundation.record.sealing import seal_record

        found = seal_record(environment().roots, environment().keys, at=now())
    click.echo(
        f"已签封 {found.leaves} 条,文件 {found.file_name}" if found else "没有新的记录需要签封。"
    )


@cli.command()
@click.option("--cases", default=100_000, show_default=True, help="办件数。")
@click.option("--clients", default=4, show_default=True, help="并发客户端数。")
@click.option("--seconds", default=8.0, show_default=True, help="每项测多久。")
def bench(cases: int, clients: int, seconds: float) -> None:
    """性能测量:每项的速率、p50、p95、应用 CPU 和语句数。"""
    from yiwang.site.bench import run_bench

    run_bench(cases=cases, clients=clients, seconds=seconds, say=say)


@cli.command()
@click.option("--officers", default=200, show_default=True, help="同时在线的工作人员")
@click.option("--minutes", default=5.0, show_default=True, help="做多久")
@click.option("--cases", default=4000, show_default=True, help="当天的办件")
def officers(officers: int, minutes: float, cases: int) -> None:
    """很多工作人员同时办一天的件:有没有错误、重复决定,多快。"""
    from yiwang.site.measuring.officers import run_day

    run_day(officers=officers, minutes=minutes, cases=cases, say=say)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """运行 Django 管理命令(开发用)。"""
    with connected():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["yiwang manage", *arguments])
