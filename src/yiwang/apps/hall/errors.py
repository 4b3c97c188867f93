"""What can go wrong in the hall, in words that say what to do."""

from __future__ import annotations


class HallError(Exception):
    """Base: `message` is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class HallNotFoundError(HallError):
    def __init__(self, what: str = "这个预约或者专区") -> None:
        super().__init__(f"没有找到{what}。请核对地址;别人的、别的大厅的,您没有查看的权限。")


class NotNowError(HallError):
    """The state, the day, or somebody quicker does not allow it."""


class InvalidActError(HallError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields
