"""公民身份号码 (GB 11643-1999) and the other papers that share its eighteen places.

Six digits of address, eight of birth date, three of sequence (odd is male), one check character
by ISO 7064 MOD 11-2. Residence permits of Hong Kong, Macao and Taiwan residents (810000, 820000,
830000) and the foreigner's permanent residence card since 2023 (first digit 9) use the same form.
"""

from __future__ import annotations

from datetime import date

from stdnum.iso7064 import mod_11_2

from yiwang.kernel.identifiers.checked import Checked, Finding, MalformedError, fail, require_valid
from yiwang.kernel.identifiers.kinds import PaperKind, Sex
from yiwang.kernel.identifiers.text import compact, is_digits, without_hyphens

LENGTH = 18
OLD_LENGTH = 15
PLAUSIBLE_FROM_YEAR = 1900

_KIND_BY_ADDRESS = {
    "810000": PaperKind.HK_MACAO_RESIDENCE,
    "820000": PaperKind.HK_MACAO_RESIDENCE,
    "830000": PaperKind.TAIWAN_RESIDENCE,
}
# GB/T 2260, first two digits. Only a warning hangs on it, not stdnum's table of counties: a county
# founded after that table was printed must not turn its residents away.
_PROVINCES = frozenset(
    f"{first}{second}"
    for first, seconds in {1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234"}.items()
    for second in seconds
) | {"61", "62", "63", "64", "65", "71"}
# GB 11643-1989 kept these sequence numbers for people who were then a hundred years old.
_CENTENARIAN_SEQUENCES = frozenset({"996", "997", "998", "999"})


def check(value: str, *, today: date | None = None) -> Checked:
    """Check an eighteen-place number of any of the kinds above; see ``paper_kind``.

    Args:
        value: as typed or scanned; blanks, hyphens and full-width characters are tolerated.
        today: the date of the check; with it a birth date in the future is an error.
    """
    number = without_hyphens(compact(value))
    if len(number) == OLD_LENGTH and is_digits(number):
        return fail(number, "OLD_NUMBER", "这是15位的旧号码，请填写现用证件上的18位号码")
    if len(number) != LENGTH:
        return fail(number, "LENGTH", f"号码应为18位，现在是{len(number)}位，请对照证件核对")
    if not is_digits(number[:-1]) or number[-1] not in "0123456789X":
        return fail(number, "CHARACTER", "号码前17位应为数字，末位为数字或X，请对照证件核对")
    born = _date_or_none(number[6:14])
    if born is None:
        return fail(number, "BIRTH_DATE", "第7至14位不是有效的出生日期，请对照证件核对")
    if number[-1] != check_character(number[:-1]):
        return fail(number, "CHECK_CHARACTER", "号码的校验位不符，可能有一位写错，请逐位核对")
    if today is not None and born > today:
        return fail(number, "BIRTH_IN_FUTURE", "号码中的出生日期晚于今天，请对照证件核对")
    return Checked(number, warnings=_oddities(number, born))


def is_valid(value: str) -> bool:
    """Whether the number has no errors."""
    return check(value).is_valid


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen digits."""
    if len(body) != LENGTH - 1 or not is_digits(body):
        raise ValueError("前17位应为数字")
    return str(mod_11_2.calc_check_digit(body))


def paper_kind(value: str) -> PaperKind:
    """Which paper a valid number belongs to. Raises MalformedError."""
    number = require_valid(check(value))
    if number.startswith("9"):
        return PaperKind.FOREIGN_PERMANENT_RESIDENCE
    return _KIND_BY_ADDRESS.get(number[:6], PaperKind.RESIDENT_ID)


def birth_on(value: str) -> date:
    """The birth date in a valid number. Raises MalformedError."""
    number = require_valid(check(value))
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(value: str) -> Sex:
    """The sex in a valid number. Raises MalformedError."""
    number = require_valid(check(value))
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def from_old(value: str) -> str:
    """The eighteen-place number for a fifteen-digit one of before 1999; for imports only.

    The old form has two digits of year: 19xx, except for the sequences kept for centenarians.
    Raises MalformedError.
    """
    old = without_hyphens(compact(value))
    if len(old) != OLD_LENGTH or not is_digits(old):
        raise MalformedError(fail(old, "LENGTH", "旧号码应为15位数字，请对照原始资料核对"))
    century = "18" if old[12:] in _CENTENARIAN_SEQUENCES else "19"
    body = old[:6] + century + old[6:]
    return require_valid(check(body + check_character(body)))


def _oddities(number: str, born: date) -> tuple[Finding, ...]:
    findings = []
    if born.year < PLAUSIBLE_FROM_YEAR:
        findings.append(Finding("BIRTH_BEFORE_1900", "出生年份早于1900年，请核对证件原件"))
    has_known_address = number[:2] in _PROVINCES or number[:6] in _KIND_BY_ADDRESS
    if not has_known_address and not number.startswith("9"):
        findings.append(Finding("PROVINCE", "前两位不是现行的省级区划代码，请核对证件原件"))
    return tuple(findings)


def _date_or_none(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
