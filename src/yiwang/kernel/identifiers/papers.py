"""Format checks of identity papers by kind, with messages that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from yiwang.kernel.identifiers import resident_id, uscc
from yiwang.kernel.identifiers.checked import Checked, fail
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.identifiers.text import compact, half_width, without_hyphens

__all__ = ["PaperKind", "check", "is_valid", "normalise"]

OTHER_MAX_LENGTH = 50
_BRACKETS = str.maketrans("", "", "()[]")
# Cards of before 2013 print two more digits, the count of renewals; HA and MA (2024) are for
# permanent residents of Hong Kong and Macao who are not Chinese nationals.
_HK_MACAO_PERMIT = re.compile(r"[HM][0-9]{8}([0-9]{2})?|[HM]A[0-9]{7}")
_TAIWAN_PERMIT = re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,17}")
_OLD_PERMANENT_RESIDENCE = re.compile(r"[A-Z]{3}[0-9]{12}")


def normalise(kind: PaperKind, value: str) -> str:
    """The stored form: half-width, upper-case, no blanks; hyphens and brackets out where unused.

    Papers of kind OTHER keep their case and inner blanks (collapsed to one): nothing is known
    of their form.
    """
    if kind is PaperKind.OTHER:
        return " ".join(half_width(value).split())
    return without_hyphens(compact(value)).translate(_BRACKETS)


def check(kind: PaperKind, value: str, *, today: date | None = None) -> Checked:
    """Check a number against the form of its kind of paper.

    Args:
        kind: the paper that the person says the number is from.
        value: as typed or scanned.
        today: the date of the check; with it a birth date in the future is an error.
    """
    number = normalise(kind, value)
    if not number:
        return fail(number, "EMPTY", f"请填写{_number_name(kind)}")
    if kind in _EIGHTEEN_PLACES:
        return _check_eighteen(kind, number, today)
    return _CHECKS[kind](number)


def is_valid(kind: PaperKind, value: str) -> bool:
    """Whether the number has no errors."""
    return check(kind, value).is_valid


def _number_name(kind: PaperKind) -> str:
    if kind is PaperKind.USCC:
        return kind.label
    return "证件号码" if kind is PaperKind.OTHER else f"{kind.label}号码"


_EIGHTEEN_PLACES = frozenset(
    {
        PaperKind.RESIDENT_ID,
        PaperKind.HK_MACAO_RESIDENCE,
        PaperKind.TAIWAN_RESIDENCE,
        PaperKind.FOREIGN_PERMANENT_RESIDENCE,
    }
)


def _check_eighteen(kind: PaperKind, number: str, today: date | None) -> Checked:
    if kind is PaperKind.FOREIGN_PERMANENT_RESIDENCE:
        if _OLD_PERMANENT_RESIDENCE.fullmatch(number):
            return Checked(number)
        if len(number) != resident_id.LENGTH:
            return fail(number, "FORMAT", "应为18位号码，或旧证的3个字母加12位数字，请对照证件填写")
    checked = resident_id.check(number, today=today)
    if checked.errors:
        return checked
    actual = resident_id.paper_kind(number)
    if actual is not kind:
        return fail(
            number,
            "OTHER_KIND",
            f"这是{actual.label}的号码，请把证件类型改为“{actual.label}”，或核对号码",
        )
    return checked


def _by_pattern(pattern: re.Pattern[str], message: str) -> Callable[[str], Checked]:
    def check_pattern(number: str) -> Checked:
        if pattern.fullmatch(number):
            return Checked(number)
        return fail(number, "FORMAT", message)

    return check_pattern


def _check_other(number: str) -> Checked:
    if len(number) > OTHER_MAX_LENGTH:
        return fail(number, "LENGTH", f"证件号码不超过{OTHER_MAX_LENGTH}个字符，请核对")
    if not number.isprintable():
        return fail(number, "CHARACTER", "证件号码含有不能显示的字符，请重新填写")
    return Checked(number)


_CHECKS: dict[PaperKind, Callable[[str], Checked]] = {
    PaperKind.HK_MACAO_PERMIT: _by_pattern(
        _HK_MACAO_PERMIT,
        "应为H或M加8位数字（旧证为10位，非中国籍为HA或MA加7位），请对照证件正面填写",
    ),
    PaperKind.TAIWAN_PERMIT: _by_pattern(
        _TAIWAN_PERMIT, "应为8位数字（旧证为10位数字，可带1个字母），请对照证件正面填写"
    ),
    PaperKind.PASSPORT: _by_pattern(
        _PASSPORT, "应为5至17位字母和数字，其中至少有1位数字，请对照护照资料页填写"
    ),
    PaperKind.USCC: uscc.check,
    PaperKind.OTHER: _check_other,
}
