"""统一社会信用代码 (GB 32100-2015), with the organisation code inside it (GB 11714-1997).

Eighteen characters: registering department, kind of organ, six digits of region, nine of the
organisation code, one check character over a charset without I, O, Z, S, V.
"""

from __future__ import annotations

from stdnum.cn import uscc as _stdnum

from yiwang.kernel.identifiers.checked import Checked, Finding, fail
from yiwang.kernel.identifiers.text import compact, is_alphanumeric, is_digits, without_hyphens

LENGTH = 18
CHARSET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGAN_CHARSET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGAN_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGAN_CHECKS = "0123456789X0"  # 11 − Σ mod 11, where 10 is X and 11 is 0


def check(value: str) -> Checked:
    """Check a code as typed, with blanks, hyphens and full-width characters tolerated.

    A wrong organisation-code check (GB 11714) is a warning: the check character of GB 32100
    covers those nine characters too, and it alone decides whether the code is valid.
    """
    code = without_hyphens(compact(value))
    if len(code) != LENGTH:
        return fail(
            code, "LENGTH", f"统一社会信用代码应为18位，现在是{len(code)}位，请对照证照逐位核对"
        )
    if any(character not in CHARSET for character in code):
        return fail(
            code,
            "CHARACTER",
            "统一社会信用代码只用数字和大写字母，不用I、O、Z、S、V，请核对是否与1、0、2、5混淆",
        )
    # Not stdnum's validate(): it demands digits in the first two places and so turns away the
    # codes of village collectives (N…) and other organs (Y…).
    if not is_digits(code[2:8]):
        return fail(code, "REGION", "统一社会信用代码第3至8位应为数字，请核对是否把数字写成了字母")
    if code[-1] != check_character(code[:-1]):
        return fail(
            code, "CHECK_CHARACTER", "统一社会信用代码的校验位不符，可能有一位写错，请逐位核对"
        )
    organ = code[8:17]
    if organ[-1] != organ_check_character(organ[:-1]):
        finding = Finding("ORGAN_CODE", "其中的组织机构代码校验位不符，请核对证照原件")
        return Checked(code, warnings=(finding,))
    return Checked(code)


def is_valid(value: str) -> bool:
    """Whether the code has no errors."""
    return check(value).is_valid


def check_character(body: str) -> str:
    """The 18th character for the first seventeen. Raises ValueError on another shape."""
    if len(body) != LENGTH - 1 or any(character not in CHARSET for character in body):
        raise ValueError("前17位应为统一社会信用代码字符集内的字符")
    return str(_stdnum.calc_check_digit(body))


def complete(*, department: str, organ_kind: str, region: str, organ_body: str) -> str:
    """A whole code from its parts: 1, 1, 6 and 8 characters; both check characters are made."""
    if [len(part) for part in (department, organ_kind, region, organ_body)] != [1, 1, 6, 8]:
        raise ValueError("登记管理部门、机构类别、区划、主体标识应为1、1、6、8位")
    if not is_digits(region):
        raise ValueError("区划应为6位数字")
    body = department + organ_kind + region + organ_body + organ_check_character(organ_body)
    return body + check_character(body)


def organ_check_character(body: str) -> str:
    """The ninth character of a GB 11714 organisation code for its first eight."""
    if len(body) != len(_ORGAN_WEIGHTS) or not is_alphanumeric(body) or body != body.upper():
        raise ValueError("组织机构代码本体应为8位数字或大写字母")
    total = sum(
        _ORGAN_CHARSET.index(character) * weight
        for character, weight in zip(body, _ORGAN_WEIGHTS, strict=True)
    )
    return _ORGAN_CHECKS[11 - total % 11]


def is_valid_organ_code(value: str) -> bool:
    """Whether a nine-character organisation code (hyphen tolerated) carries its right check."""
    code = without_hyphens(compact(value))
    return len(code) == 9 and is_alphanumeric(code) and code[-1] == organ_check_character(code[:-1])
