"""Single values between a package and a page: limits in words, answers of a condition by line."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml

from yiwang.apps.catalog.domain.yaml_text import read_typed_yaml
from yiwang.kernel.clock import Limit, Unit

LIMIT_HINT = "例如:5个工作日、30个自然日、2个月;当天办结写「当日」。"
_UNITS = {
    "个工作日": "wd", "工作日": "wd", "个自然日": "d", "自然日": "d", "个工作小时": "wh",
    "工作小时": "wh", "小时": "h", "个小时": "h", "分钟": "min", "个月": "mon", "月": "mon",
}  # fmt: skip
_TYPED = re.compile(r"(\d{1,4})\s*(\D+)")


def limit_in_words(value: str) -> str:
    """`5wd` → 5 个工作日, which `limit_typed` reads back; a text that is no limit as it is."""
    try:
        found = Limit.parse(value)
    except ValueError:
        return value
    return value if found.number == 0 and found.unit is not Unit.WORKING_DAY else found.label


def limit_typed(text: str) -> str:
    """What was typed as a package writes it. 「5天」 stays as it is and is refused: of working or
    natural days the law means one, and nobody guesses which."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text in ("当日", "当天"):
        return "0wd"
    found = _TYPED.fullmatch(text)
    if found is None or found[2].strip() not in _UNITS:
        return text
    return found[1] + _UNITS[found[2].strip()]


def line_of(value: Any) -> str:
    """One answer of a condition on its line: a text as it is, unless it would read as another."""
    if isinstance(value, str) and _scalar(value) == value:
        return value
    return yaml.safe_dump(value, allow_unicode=True).removesuffix("\n...\n").strip()


def value_of(line: str) -> Any:
    return _scalar(line)


def _scalar(text: str) -> Any:
    try:
        found = read_typed_yaml(text)
    except yaml.YAMLError:
        return text
    return found if isinstance(found, str | bool | int) else text


def yaml_of(value: Any) -> str:
    """A mapping as YAML; a text that was no YAML as it was typed."""
    if value is None or value == {}:
        return ""
    if isinstance(value, str):
        return value
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100))
