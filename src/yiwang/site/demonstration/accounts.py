"""The demonstration accounts, one per role, and the table `make run` prints."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from yiwang.apps.catalog.domain.yaml_text import read_yaml

HERE = Path(__file__).parent
PASSWORD = "yiwang-demo"  # noqa: S105 - printed for everybody; refused outside the demonstration


@lru_cache(maxsize=1)
def city() -> dict[str, Any]:
    """The demonstration city as its file tells it."""
    data: dict[str, Any] = read_yaml((HERE / "city.yaml").read_text(encoding="utf-8"))
    return data


def demonstration_accounts() -> list[tuple[str, str, str]]:
    """(login, name, what for) of every account, applicants first."""
    data = city()
    posts = {post["key"]: post for post in data["posts"]}
    organs = {organ["slug"]: organ["short_name"] for organ in data["organs"]}
    parties = {party["key"]: party for party in data["parties"]}
    rows = [
        (a["login"], parties[a["party"]]["name"], "申请人")
        for a in data.get("citizen_accounts", [])
    ]
    for account in data["accounts"]:
        held = [
            f"{organs[posts[h['post']]['organ']]}·{posts[h['post']]['name']}"
            + ("(B角)" if h.get("deputy") else "")
            for h in account["posts"]
        ]
        more = f" 等 {len(held)} 岗" if len(held) > 1 else ""
        rows.append((account["login"], account["label"], held[0] + more))
    return rows


def account_table() -> str:
    """A table for a terminal, aligned with full-width characters counted as two."""
    rows = [("登录名", "姓名", "岗位"), *demonstration_accounts()]
    widths = [max(_width(row[i]) for row in rows) for i in range(3)]
    lines = ["  ".join(_pad(cell, widths[i]) for i, cell in enumerate(row)) for row in rows]
    return "\n".join([*lines, f"\n所有演示账号的密码:{PASSWORD}"])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
