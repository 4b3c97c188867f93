"""What the validator found, in Chinese and with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_MOST = 50
_MESSAGES = {
    "missing": "请填写这一项。",
    "extra_forbidden": "没有这一项,请去掉。",
    "string_too_long": "太长,最多 {max_length} 个字符。",
    "string_too_short": "太短,至少 {min_length} 个字符。",
    "string_pattern_mismatch": "格式不对,或有不能保存的字符,请核对后重填。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "too_long": "太多,最多 {max_length} 项。",
    "too_short": "太少,至少 {min_length} 项。",
    "finite_number": "请填写一个有限的数。",
}
_TYPES = {
    "int": "请填写整数。",
    "float": "请填写数字。",
    "bool": "请填写 true 或 false。",
    "string": "请填写文字。",
    "uuid": "请填写 UUID,例如 3f2b8a52-6c1e-4f0e-9d5a-0a4c8f1e2b7d。",
    "date": "请写成 2026-11-21 这样的日期。",
    "datetime": "请写成 2026-11-21T09:30 这样的时间。",
    "enum": "请从规定的选项中选择。",
    "literal": "请从规定的选项中选择。",
    "list": "请填写一个列表。",
    "dict": "请填写一个对象。",
    "model": "请填写一个对象。",
}


def fields_of(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Field → what to do. A field's name is its path without where it came from."""
    found: dict[str, str] = {}
    for error in errors:
        if len(found) == _MOST:
            break
        found.setdefault(_name(error.get("loc", ())), message_of(error))
    return found


def _name(location: Iterable[Any]) -> str:
    parts = [str(part) for part in location]
    if parts and parts[0] in ("body", "query", "path", "header", "form", "file", "cookie"):
        # Of a body the next part is the parameter's name in our code: nobody's business.
        parts = parts[2:] if parts[0] == "body" else parts[1:]
    return ".".join(part[:60] for part in parts[:6])[:200] or "body"


def message_of(error: Mapping[str, Any]) -> str:
    """One sentence for one error of the validator."""
    kind = str(error.get("type", ""))
    if kind in _MESSAGES:
        return _MESSAGES[kind].format_map(dict(error.get("ctx") or {}))
    return _TYPES.get(kind.split("_")[0], "请核对后重填。")
