"""What can go wrong with an enquiry, in words that say what to do."""

from __future__ import annotations


class EnquiryError(Exception):
    """Base: `message` is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EnquiryNotFoundError(EnquiryError):
    def __init__(self) -> None:
        super().__init__("没有找到这条咨询或投诉。请核对地址;别的单位的,您没有查看的权限。")


class NotNowError(EnquiryError):
    """The state, or who handled the case, does not allow it."""


class InvalidActError(EnquiryError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields
