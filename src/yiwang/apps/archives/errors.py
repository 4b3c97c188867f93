"""What can go wrong with an archive, in words that say what to do."""

from __future__ import annotations


class ArchiveError(Exception):
    """Base: `message` is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PackageNotFoundError(ArchiveError):
    def __init__(self) -> None:
        super().__init__("没有找到这份档案。请核对;别的单位的档案,您没有查看的权限。")


class NotNowError(ArchiveError):
    """The state of the case or of the package does not allow it."""


class NotEndedError(NotNowError):
    """There is nothing to be archived, and no waiting will change it: an end comes by itself."""


class InvalidActError(ArchiveError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields
