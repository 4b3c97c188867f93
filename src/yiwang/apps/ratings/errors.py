"""What can go wrong with a rating or its handling, in words that say what to do."""

from __future__ import annotations


class RatingError(ValueError):
    """The rating cannot be taken; the message says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownTokenError(RatingError):
    """No invitation has this token."""


class AlreadyRatedError(RatingError):
    """The token is spent."""


class NotTheApplicantError(RatingError):
    """Staff, departments' systems and the platform itself never rate."""

    def __init__(self) -> None:
        super().__init__(
            "评价只能由服务对象本人作出,工作人员和业务系统不能代评。请申请人自己扫码。"
        )


class HandlingError(Exception):
    """Base for the handling of bad ratings and for visits: `message` is Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RatingNotFoundError(HandlingError):
    def __init__(self) -> None:
        super().__init__("没有找到这条差评。请核对;别的单位的差评,您没有查看的权限。")


class ServiceNotFoundError(HandlingError):
    def __init__(self) -> None:
        super().__init__("没有找到这次服务。请核对编号;别的大厅的办件,请到收件的大厅评价。")


class NotNowError(HandlingError):
    """The state or somebody else's act does not allow it."""


class InvalidActError(HandlingError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields
