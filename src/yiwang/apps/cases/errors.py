"""What can go wrong with an act, each with a message a clerk or an applicant understands."""

from __future__ import annotations

from datetime import datetime

from yiwang.kernel.moment import BEIJING


class CaseError(Exception):
    """Base: `message` is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CaseNotFoundError(CaseError):
    def __init__(self) -> None:
        super().__init__("没有找到这个办件。请核对编号;如果是别人的办件,您没有查看的权限。")


class NotNowError(CaseError):
    """The state would allow it, a guard does not."""


class ConflictError(CaseError):
    """Somebody else changed the case since it was shown."""

    def __init__(self, what: str = "", when: datetime | None = None) -> None:
        at = f"{when.astimezone(BEIJING):%m月%d日 %H:%M}" if when else "刚才"
        super().__init__(
            f"这个办件在 {at} 已由别人{('「' + what + '」') if what else '更新'}。"
            "您填写的内容还在下面,请看过最新情况后再决定是否继续。"
        )


class InvalidInputError(CaseError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str], message: str = "") -> None:
        super().__init__(message or f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields
