"""What can go wrong with an act on a card or a rule, in words that say what to do."""

from __future__ import annotations


class SupervisionError(Exception):
    """Base: `message` is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CardNotFoundError(SupervisionError):
    def __init__(self) -> None:
        super().__init__("没有找到这张监察卡。请核对编号;如果是别的单位或辖区的,您没有查看的权限。")


class RuleNotFoundError(SupervisionError):
    def __init__(self) -> None:
        super().__init__("没有找到这条监察规则。")


class NotNowError(SupervisionError):
    """The state or the time does not allow it."""


class InvalidActError(SupervisionError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields
