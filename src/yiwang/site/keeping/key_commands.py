"""`yiwang keys`: the first set, rotation, carrying over, retiring."""

from __future__ import annotations

import click

from yiwang.foundation.environment import DeploymentError, environment

CODES_HELP = "连同印在回执、短信上的查询码、取件码和评价链接所用的密钥(只在这把密钥泄露时)。"


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """密钥:不带子命令时新建第一套(用外部数据库时;内置数据库会自己建立)。

    已有密钥时不动。建好后请立即把密钥目录抄到另一个介质;其他节点用同一份拷贝。
    """
    if context.invoked_subcommand is not None:
        return
    from yiwang.foundation.secrets import has_keyring, make_keyring

    place = environment().keys
    if has_keyring(place):
        raise DeploymentError(f"{place} 里已经有密钥,没有改动。要更换请用 yiwang keys rotate。")
    make_keyring(place)
    click.echo(f"已在 {place} 新建密钥。请另外保管一份:丢了密钥,加密的内容就再也打不开。")


@keys.command()
def show() -> None:
    """现在用的是第几号密钥、还有哪些旧的,多少内容还没有换过来。从不打印密钥。"""
    from yiwang.foundation.secrets.rotating import numbers
    from yiwang.site.cli import connected

    found = numbers(environment().keys)
    click.echo(f"使用中:第 {found.current} 号" + (_since(found.rotated_at)))
    if found.prepared is not None:
        click.echo(f"备好未启用:第 {found.prepared} 号")
    click.echo(f"只用于读取的旧密钥:{_listed(found.older)}")
    click.echo(f"查询码和链接:{_listed(found.codes)}")
    with connected(as_owner=True):
        from yiwang.site.keeping.rotation import left_to_do

        for name, number in sorted(left_to_do().items()):
            click.echo(f"待换 {name} {number:,} 条")


def _since(at: object) -> str:
    return f"({at:%Y-%m-%d %H:%M} 启用)" if at else ""


def _listed(found: tuple[int, ...]) -> str:
    return "、".join(f"第 {n} 号" for n in found) or "没有"


@keys.command()
@click.option("--prepare", "only_prepare", is_flag=True, help="只备好,不启用:先分发到每个节点。")
@click.option("--codes", is_flag=True, help=CODES_HELP)
def rotate(only_prepare: bool, codes: bool) -> None:
    """启用一套新密钥(加密、索引、会话、单点登录签名);旧的仍能读取。

    多台节点时先用 --prepare,把密钥目录抄到每台,再运行一次 rotate,再抄一次。
    启用后请重启网站和后台任务,并运行 yiwang keys recrypt。
    """
    from yiwang.foundation.clockwork import real_now
    from yiwang.foundation.secrets import has_keyring, rotating
    from yiwang.foundation.secrets.signing_keys import rotate as rotate_signing

    place = environment().keys
    if not has_keyring(place):
        raise DeploymentError(f"{place} 里没有密钥。")
    if rotating.numbers(place).prepared is None:
        number = rotating.prepare(place, with_codes=codes)
        if only_prepare:
            click.echo(f"第 {number} 号密钥已备好,还没有启用。请把 {place} 抄到每个节点。")
            return
    elif only_prepare or codes:
        raise DeploymentError("已有一套备好的密钥。请直接运行 yiwang keys rotate 启用它。")
    number = rotating.use(place, at=real_now())
    rotate_signing(place, at=real_now())
    click.echo(
        f"已启用第 {number} 号密钥,旧的仍能读取。\n"
        f"接着:重启网站和后台任务;另外保管一份 {place};运行 yiwang keys recrypt。"
    )


@keys.command()
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 10_000))
def recrypt(batch: int) -> None:
    """把已有内容换成新密钥加密,重建索引。可以在系统运行时做,中断后再运行就接着做。"""
    from yiwang.site.cli import connected
    from yiwang.site.keeping.commands import plain_words, say

    with connected(as_owner=True), plain_words():
        from yiwang.site.keeping.rotation import left_to_do
        from yiwang.site.keeping.rotation import recrypt as carry_out

        done = carry_out(say, batch=batch)
        left = sum(left_to_do().values())
    click.echo(f"换了 {done:,} 处,还剩 {left:,} 处。" + ("请再运行一次。" if left else ""))


@keys.command()
@click.option("--codes", is_flag=True, help="旧的查询码、取件码和评价链接也从此作废。")
def retire(codes: bool) -> None:
    """停用旧密钥:还有任何内容用着它时不动手。旧备份仍要用停用前的那一套恢复。"""
    from yiwang.foundation.clockwork import real_now
    from yiwang.foundation.secrets import rotating
    from yiwang.foundation.secrets.signing_keys import retire as retire_signing
    from yiwang.site.cli import connected
    from yiwang.site.keeping.commands import plain_words

    place = environment().keys
    rotating.refuse_unsettled(place, at=real_now())
    with connected(as_owner=True), plain_words():
        from yiwang.site.keeping.rotation import refuse_in_use

        refuse_in_use()
    kept = rotating.retire(place, with_codes=codes)
    retire_signing(place, at=real_now())
    click.echo(
        f"旧密钥已停用。轮换前的备份要用 {kept} 里的那一份 keyring.json 恢复;\n"
        "那些备份过了保存期限,就把它销毁。"
    )
