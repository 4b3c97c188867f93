"""电子证照标识 (GB/T 36904-2018).

``1.2.156.3005.2.`` + type (21 = organ that defined it 18 + number 3) ``.`` issuer (18) ``.``
serial ``.`` version (3) ``.`` check. The check character is ISO/IEC 7064 MOD 37,36 over type,
issuer, serial and version, without the prefix and the dots, in upper case.
"""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.iso7064 import mod_37_36

from yiwang.kernel.identifiers import uscc
from yiwang.kernel.identifiers.checked import Checked, Finding, MalformedError, fail, require_valid
from yiwang.kernel.identifiers.text import compact, is_alphanumeric

PREFIX = "1.2.156.3005.2."
TYPE_LENGTH = 21
VERSION_LENGTH = 3
_PART_LENGTHS = {0: TYPE_LENGTH, 1: uscc.LENGTH, 3: VERSION_LENGTH, 4: 1}
_PART_NAMES = ("证照类型代码", "颁发机构代码", "流水号", "版本号", "校验位")


@dataclass(frozen=True, slots=True)
class LicenceId:
    """The identifier in its parts; ``check`` is the character it carries, right or wrong."""

    type_code: str
    issuer: str
    serial: str
    version: str
    check: str

    @property
    def text(self) -> str:
        """The whole identifier."""
        parts = (self.type_code, self.issuer, self.serial, self.version, self.check)
        return PREFIX + ".".join(parts)


def check_character(*, type_code: str, issuer: str, serial: str, version: str) -> str:
    """The check character for the four parts: ASCII letters (any case) and digits."""
    body = compact(type_code + issuer + serial + version)
    if not is_alphanumeric(body):
        raise ValueError("证照标识各段只用数字和字母")
    return str(mod_37_36.calc_check_digit(body))


def check(value: str) -> Checked:
    """Check an identifier, also one that another system issued.

    A wrong check character is a warning: real systems issue some, and the licence behind it is
    valid all the same. Codes of organs inside it that do not check are warnings too.
    """
    text = compact(value)
    if not text.startswith(PREFIX):
        return fail(text, "PREFIX", f"电子证照标识应以{PREFIX}开头，请核对")
    parts = text.removeprefix(PREFIX).split(".")
    if len(parts) != len(_PART_NAMES):
        return fail(
            text, "PARTS", "前缀之后应有证照类型、颁发机构、流水号、版本号、校验位五段，请核对"
        )
    errors = tuple(_shape_errors(parts))
    return Checked(text, errors, () if errors else tuple(_oddities(parts)))


def is_valid(value: str) -> bool:
    """Whether the form is right; the check character may still differ (see ``check``)."""
    return check(value).is_valid


def parse(value: str) -> LicenceId:
    """The parts. Raises MalformedError."""
    text = require_valid(check(value))
    return LicenceId(*text.removeprefix(PREFIX).split("."))


def compose(*, type_code: str, issuer: str, serial: str, version: str = "001") -> str:
    """A new identifier with its check character.

    Raises MalformedError also for what an import only flags: what is issued here must be exact.
    """
    character = check_character(type_code=type_code, issuer=issuer, serial=serial, version=version)
    text = ".".join(compact(part) for part in (type_code, issuer, serial, version, character))
    checked = check(PREFIX + text)
    if checked.warnings:
        raise MalformedError(Checked(checked.value, checked.errors + checked.warnings))
    return require_valid(checked)


def _shape_errors(parts: list[str]) -> list[Finding]:
    errors = []
    for index, (part, name) in enumerate(zip(parts, _PART_NAMES, strict=True)):
        length = _PART_LENGTHS.get(index)
        if not is_alphanumeric(part):
            errors.append(Finding("CHARACTER", f"{name}应为数字或字母，不能为空，请核对"))
        elif length is not None and len(part) != length:
            errors.append(Finding("LENGTH", f"{name}应为{length}位，现在是{len(part)}位，请核对"))
    return errors


def _oddities(parts: list[str]) -> list[Finding]:
    type_code, issuer, serial, version, character = parts
    warnings = []
    for code, organ, name in (
        ("TYPE_ORGAN", type_code[: uscc.LENGTH], "证照类型代码前18位"),
        ("ISSUER", issuer, "颁发机构代码"),
    ):
        if not uscc.is_valid(organ):
            warnings.append(Finding(code, f"{name}不是有效的统一社会信用代码，请核对"))
    expected = check_character(type_code=type_code, issuer=issuer, serial=serial, version=version)
    if character != expected:
        warnings.append(Finding("CHECK_CHARACTER", "校验位与计算结果不符，请与颁发机构核对"))
    return warnings
