"""What can go wrong with an act of oversight, in words that say what to do."""

from __future__ import annotations


class OversightError(Exception):
    """Base: `message` is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CheckNotFoundError(OversightError):
    def __init__(self) -> None:
        super().__init__("没有找到这件核查。请核对;别的单位的核查,您没有查看的权限。")


class NotNowError(OversightError):
    """The state or the time does not allow it."""


class InvalidActError(OversightError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields


class SampleNotFoundError(CheckNotFoundError):
    def __init__(self) -> None:
        OversightError.__init__(
            self, "没有找到这次抽查。请核对;别的单位和地区的抽查,您没有查看的权限。"
        )
