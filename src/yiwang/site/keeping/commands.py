"""The commands of an operator: backup, restore, upgrade, check, retention."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import psycopg

from yiwang.foundation.environment import DeploymentError, environment

KEYS_APART = (
    "密钥没有放进备份(默认如此):加密内容和打开它的密钥放在同一块盘上,等于没有加密。\n"
    "请另外保管 {keys},恢复时用 --keys 指出。"
)


def add_commands(cli: click.Group) -> None:
    """Add ours to the `yiwang` command."""
    from yiwang.site.keeping.first_command import administrators
    from yiwang.site.keeping.key_commands import keys

    for command in (backup, restore, upgrade, check, retention, keys, administrators):
        cli.add_command(command)


def say(text: str) -> None:
    click.echo(text, err=True)


@click.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="目录或文件.tar")
@click.option(
    "--with-keys", is_flag=True, help="把密钥也放进备份。只在备份本身另行加密保管时使用。"
)
def backup(target: Path, with_keys: bool) -> None:
    """备份:某一时刻的数据库、文件和签封,可以在系统运行时做。

    已有的目录里新建 yiwang-日期-时间;新名字按原名建立;以 .tar 结尾做成一个文件。
    从不覆盖已有的备份。做完打印大小和记录条数;文件有损坏时照样做完,退出码为 1。
    """
    from yiwang.foundation.clockwork import now
    from yiwang.site.cli import database_at_hand
    from yiwang.site.keeping.backup import make_backup

    settings = environment()
    with database_at_hand(as_owner=True) as url, plain_words():
        place, made = make_backup(settings, url, target, with_keys=with_keys, at=now(), say=say)
    size = sum(part.size for part in made.parts) + made.files["bytes"]
    click.echo(
        f"已备份到 {place}\n"
        f"记录 {made.record['entries']:,} 条、签封 {made.record['last_seal']} 个、"
        f"文件 {made.files['count']:,} 个,共 {size / 1e6:,.1f} MB。"
    )
    click.echo(
        "备份里有密钥:谁拿到它,谁就能打开全部内容。请加密保管。"
        if with_keys
        else KEYS_APART.format(keys=settings.keys)
    )
    for name in made.damaged_files:
        click.echo(f"✗ 文件 {name} 已经损坏或缺失,没有备份到。", err=True)
    sys.exit(1 if made.damaged_files else 0)


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="备份")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="目录",
    help="另外保管的密钥目录(备份里没有密钥时)。",
)
def restore(source: Path, keys: Path | None) -> None:
    """恢复:只进入空的数据目录(或空的外部数据库),先查备份,后核验记录。

    目标由 YIWANG_DATA 和 DATABASE_URL 决定。摘要不符、密钥不对、目标不空、
    备份来自更新版本时都不动手。较旧版本的备份恢复后自动更新结构。
    """
    from yiwang.site import supervisor
    from yiwang.site.keeping.restore import restore as carry_out

    settings = environment()
    with supervisor.only_one(settings), plain_words():
        done = carry_out(settings, source, keys=keys, say=say)
    click.echo(done.as_text())
    sys.exit(0 if done.is_clean else 1)


@click.command()
@click.option(
    "--without-backup", is_flag=True, help="不检查最近 24 小时内有没有备份(已用别的办法备份)。"
)
def upgrade(without_backup: bool) -> None:
    """升级:装好新版本后运行一次,更新结构、准备文件、核对最近的签封。

    先停止 yiwang up(多台网站节点都停)。可以重复运行。
    """
    from yiwang.foundation.clockwork import now
    from yiwang.site import supervisor
    from yiwang.site.keeping.upgrade import upgrade as carry_out

    settings = environment()
    with supervisor.only_one(settings), plain_words():
        carry_out(settings, with_backup=not without_backup, at=now(), say=say)
    click.echo("升级完成,可以启动了。")


@click.command()
@click.option("--do", "is_meant", is_flag=True, help="真的删除;不加时只列出会删什么。")
def retention(is_meant: bool) -> None:
    """保存期限:列出(或加 --do 删除)过期的草稿、附件、会话、事件、消息正文和日志。

    办件、文书、记录不受影响,删除后核验仍然通过。期限由系统管理员
    在「参数与时限」里提出、另一位管理员确认。
    后台任务每天夜里两点到五点自动进行一次。
    """
    from yiwang.foundation.clockwork import now
    from yiwang.site.cli import connected

    with connected(), plain_words():
        from yiwang.site.keeping.retention import carry_out, survey

        lines = carry_out(at=now()) if is_meant else survey(at=now())
    click.echo("已经删除:" if is_meant else "会删除(没有动手;确认后加 --do):")
    for line in lines:
        click.echo(f"{line.number:>10,}  {line.name}({line.rule})")


@click.command()
def check() -> None:
    """启动前检查:密钥、数据目录、数据库、时区、磁盘、时钟、网址和访问限制的设置。

    每项一行;有 ✗ 时退出码为 1。内置数据库没有运行时会为检查临时启动。
    """
    from yiwang.site.cli import database_at_hand
    from yiwang.site.keeping.checkup import examine

    findings = examine(environment(), database_at_hand)
    for finding in findings:
        click.echo(f"{finding.mark} {finding.text}")
    sys.exit(1 if any(finding.mark == "✗" for finding in findings) else 0)


class plain_words:  # noqa: N801 - used like a function
    """What the database or a step of ours refuses becomes words for the operator."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, psycopg.errors.UndefinedTable):
            raise DeploymentError("这个数据库里还没有一网的数据。") from error
        if isinstance(error, psycopg.Error):
            raise DeploymentError(f"数据库没有接受:{str(error).strip()}") from error
        if isinstance(error, subprocess.CalledProcessError):
            raise DeploymentError(
                f"有一步没有成功(代码 {error.returncode}),请看上面的原因。"
            ) from error
