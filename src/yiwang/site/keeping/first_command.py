"""`yiwang administrators`: the first three, of a platform on which nobody works yet."""

from __future__ import annotations

import click

from yiwang.foundation.environment import DeploymentError

NAMES = {"SYSTEM": "系统管理员", "SECURITY": "安全管理员", "AUDIT": "审计管理员"}


@click.command()
@click.option("--area", required=True, metavar="代码,名称", help="所在市:十二位区划代码和名称。")
@click.option("--organ", required=True, metavar="名称", help="管理员所在机构的全称。")
@click.option("--slug", required=True, help="机构标识:小写字母、数字和连字符。")
@click.option("--uscc", required=True, help="机构的统一社会信用代码。")
@click.option("--word", required=True, help="机构的文号代字,例如 椰政服。")
@click.option("--system", required=True, metavar="姓名", help="系统管理员。")
@click.option("--security", required=True, metavar="姓名", help="安全管理员。")
@click.option("--audit", required=True, metavar="姓名", help="审计管理员。")
def administrators(
    area: str, organ: str, slug: str, uscc: str, word: str, system: str, security: str, audit: str
) -> None:
    """登记最初的三位管理员,各给一个一次性密码(只显示这一次)。

    只在一个工作人员账号都没有时能用。三人必须不同;以后的人由他们登记。
    """
    from yiwang.apps.people.domain.places import PlaceKind, check_parts
    from yiwang.apps.people.domain.vocabulary import Separation
    from yiwang.foundation.access import system_actor
    from yiwang.foundation.clockwork import now
    from yiwang.site.cli import connected

    code, _, place = area.replace(",", ",").partition(",")
    parts = {"code": code.strip(), "name": place.strip()}
    home = {
        "slug": slug, "name": organ, "short_name": organ[:40], "uscc": uscc.strip().upper(),
        "document_word": word,
    }  # fmt: skip
    typed = {**home, "kind": "PUBLIC_INSTITUTION", "area": parts["code"]}
    problems = check_parts(PlaceKind.AREA, parts, is_new=True)
    problems |= check_parts(PlaceKind.ORGAN, typed, is_new=True)
    names = {
        Separation.SYSTEM: system.strip(),
        Separation.SECURITY: security.strip(),
        Separation.AUDIT: audit.strip(),
    }
    if len(set(names.values())) < 3 or not all(len(name) >= 2 for name in names.values()):
        problems["names"] = "三位管理员要写姓名,并且是三个不同的人。"
    if problems:
        raise DeploymentError("".join(problems.values()))
    with connected():
        from yiwang.apps.people.administration import AdministrationError
        from yiwang.apps.people.granting import first_administrators

        try:
            made = first_administrators(
                area=(parts["code"], parts["name"]),
                organ=home,
                names=names,
                actor=system_actor("command"),
                at=now(),
            )
        except AdministrationError as error:
            raise DeploymentError(error.message) from error
    for one in made:
        click.echo(f"{NAMES[one.duty.value]}  {one.label}  登录名 {one.login}  密码 {one.secret}")
    click.echo("请分别交给本人。第一次登录要改密码、设置动态口令;这些密码不会再显示。")
