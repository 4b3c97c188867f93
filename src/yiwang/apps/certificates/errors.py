"""What can go wrong with an act on a certificate, in words that say what to do."""

from __future__ import annotations


class CertificateError(Exception):
    """Base: `message` is Chinese and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CertificateNotFoundError(CertificateError):
    def __init__(self) -> None:
        super().__init__("没有找到这份证照。请核对;别的单位颁发的或别人的证照,您没有查看的权限。")


class NotNowError(CertificateError):
    """The state or the time does not allow it."""


class InvalidActError(CertificateError):
    """What was typed needs mending; `fields` maps a field's name to what to do about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"有 {len(fields)} 处需要修改,已填写的内容都保留着。")
        self.fields = fields


class MakingNotFoundError(CertificateNotFoundError):
    def __init__(self) -> None:
        CertificateError.__init__(
            self, "没有找到这项制证任务或空白证照。请核对;别的大厅和单位的,您没有查看的权限。"
        )
