"""Masking of personal data for lists and logs (个人信息保护法 §51; formats by common practice).

What does not have the expected form is hidden whole: a mask never shows more because of a typing
slip. The number of hidden characters of a name is hidden too. Organisations are not masked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.identifiers.text import compact, half_width, is_alphanumeric, is_digits

HIDDEN = "****"

_DOUBLE_SURNAMES_TEXT = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠"
    "公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁"
    "拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生左丘东门西门第五完颜纳兰单于淳于歐陽諸葛司馬"
    "東方鍾離長孫聞人公孫萬俟"
)
_DOUBLE_SURNAMES = frozenset(
    _DOUBLE_SURNAMES_TEXT[start : start + 2] for start in range(0, len(_DOUBLE_SURNAMES_TEXT), 2)
)
_NAME_DOTS = re.compile(r"[·•・‧∙⋅.．]")  # the dots that keyboards put into 少数民族 names
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0[0-9]{2,3})-?([0-9]{7,8})(?:[-转][0-9]{1,6})?")
_EMAIL = re.compile(r"([^@\s])[^@\s]*@([^@\s]+)")
_FIRST_DETAIL = re.compile(
    r"[0-9A-Za-z#]|[一二三四五六七八九十百零〇]+(?:号|栋|幢|单元|楼|层|室|组|队|弄)"
)
# A county's name has no 路, 街, 巷 or 村 after its first character (路桥区): with one, the 区 that
# follows is a housing estate.
_COUNTY = re.compile(r".[^路街巷村]{0,14}?(?:自治县|自治旗|(?<![小社园校厂库])区|县|旗)")
_CITY = re.compile(r"(?:.{2,6}?(?:省|自治区|特别行政区))?.{1,10}?(?:自治州|地区|市(?!场)|盟)")
_TOWNSHIP = re.compile(r".{1,10}?(?:街道|[镇乡](?![县区市村])|苏木)")
_STREET = re.compile(r".{1,12}?(?:大道|大街|路|街|巷|胡同)")


class MaskKind(StrEnum):
    """What a value is, and so how it is masked."""

    NAME = "NAME"
    ID_NUMBER = "ID_NUMBER"
    PASSPORT = "PASSPORT"
    PHONE = "PHONE"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    ADDRESS = "ADDRESS"
    EMAIL = "EMAIL"
    ORGANISATION = "ORGANISATION"


def mask(kind: MaskKind, value: str) -> str:
    """The value fit to be shown; an empty value stays empty."""
    text = half_width(value).strip()
    return _MASKS[kind](text) if text else ""


def mask_paper(kind: PaperKind, number: str) -> str:
    """The number of an identity paper fit to be shown."""
    if kind is PaperKind.USCC:
        return mask(MaskKind.ORGANISATION, number)
    is_long = len(compact(number)) in (15, 18)
    return mask(MaskKind.ID_NUMBER if is_long else MaskKind.PASSPORT, number)


def mask_name(text: str) -> str:
    """张三丰 → 张*, 欧阳锋 → 欧阳*, 阿依古丽·买买提 → 阿*·*, John Smith → J* S*."""
    words = text.split()
    if text.isascii():
        return " ".join(_initial(word) for word in words)
    name = "".join(words)
    parts = _NAME_DOTS.split(name)
    if len(parts) > 1:
        return "·".join([_initial(parts[0]), *("*" for _ in parts[1:])])
    if len(name) > 2 and name[:2] in _DOUBLE_SURNAMES:
        return name[:2] + "*"
    return _initial(name)


def _initial(word: str) -> str:
    # A name of one character is all surname or all name: nothing of it can be shown.
    return word[0] + "*" if len(word) > 1 else "*"


def mask_id_number(text: str) -> str:
    """The first six and the last four of 15 or 18 places: 110105********002X."""
    number = compact(text)
    if len(number) not in (15, 18) or not is_alphanumeric(number):
        return HIDDEN
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def mask_passport(text: str) -> str:
    """The first one and the last three: E*****678; for travel permits too."""
    number = compact(text)
    if len(number) < 7 or not is_alphanumeric(number):
        return HIDDEN
    return number[0] + "*" * (len(number) - 4) + number[-3:]


def mask_phone(text: str) -> str:
    """138****8000; of a fixed line the area code and the last two: 0898-******34."""
    number = compact(text).replace("(", "").replace(")", "-")
    digits = re.sub(r"^(?:\+|00)?86-?(?=[01])", "", number)
    if _MOBILE.fullmatch(digits.replace("-", "")):
        digits = digits.replace("-", "")
        return f"{digits[:3]}****{digits[-4:]}"
    landline = _LANDLINE.fullmatch(digits)
    if landline:
        area, local = landline.groups()
        return f"{area}-{'*' * (len(local) - 2)}{local[-2:]}"
    return HIDDEN


def mask_bank_account(text: str) -> str:
    """The last four."""
    number = compact(text).replace("-", "")
    if len(number) < 9 or not is_digits(number):
        return HIDDEN
    return "*" * (len(number) - 4) + number[-4:]


def mask_address(text: str) -> str:
    """Down to the 街道, 镇 or 乡; failing that to the road; failing that to the county or city.

    海口市龙华区金贸街道国贸大道1号 → 海口市龙华区金贸街道****.
    """
    address = "".join(text.split())
    detail = _FIRST_DETAIL.search(address)
    plain = address[: detail.start()] if detail else address
    end = _end(_CITY, plain, 0)
    end = _end(_COUNTY, plain, end)
    for pattern in (_TOWNSHIP, _STREET):
        deeper = _end(pattern, plain, end)
        if deeper > end:
            return plain[:deeper] + HIDDEN
    return plain[:end] + HIDDEN


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def mask_email(text: str) -> str:
    """The first character and the domain: z***@example.cn."""
    match = _EMAIL.fullmatch(text)
    return f"{match[1]}***@{match[2]}" if match else HIDDEN


def _unmasked(text: str) -> str:
    return text


_MASKS: dict[MaskKind, Callable[[str], str]] = {
    MaskKind.NAME: mask_name,
    MaskKind.ID_NUMBER: mask_id_number,
    MaskKind.PASSPORT: mask_passport,
    MaskKind.PHONE: mask_phone,
    MaskKind.BANK_ACCOUNT: mask_bank_account,
    MaskKind.ADDRESS: mask_address,
    MaskKind.EMAIL: mask_email,
    MaskKind.ORGANISATION: _unmasked,
}
