"""Numbers that people and systems read: case numbers, query codes, document numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from stdnum import damm

from yiwang.kernel.identifiers.checked import require_valid
from yiwang.kernel.identifiers.implementation_code import LENGTH as IMPLEMENTATION_LENGTH
from yiwang.kernel.identifiers.implementation_code import check as check_implementation
from yiwang.kernel.identifiers.text import compact, half_width, is_digits, without_hyphens

CASE_NUMBER_MAX_LENGTH = 50  # GB/T 39046-2020: an..50
_DATE_LENGTH = 8
_CASE_SERIAL_WIDTH = 4
_SHORT_SERIAL_WIDTH = 5
_SHORT_DATE_LENGTH = 6
_SHORT_MIN_LENGTH = _SHORT_DATE_LENGTH + _SHORT_SERIAL_WIDTH + 1
_SHORT_MAX_LENGTH = _SHORT_MIN_LENGTH + 8
_QUERY_CODES = 1_000_000
_CHUNK = 4  # bytes read for one attempt at a query code
_FAIR_BELOW = 256**_CHUNK // _QUERY_CODES * _QUERY_CODES


class NumberingError(ValueError):
    """The number cannot be made or read; the message is Chinese and says what to do."""


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """办件编号 in its parts."""

    implementation_code: str
    on: date
    serial: int

    @property
    def text(self) -> str:
        """The whole number."""
        serial = f"{self.serial:0{_CASE_SERIAL_WIDTH}d}"
        return f"{self.implementation_code}{self.on.isoformat().replace('-', '')}{serial}"


def case_number(*, implementation_code: str, on: date, serial: int) -> str:
    """31 characters of 实施编码 + YYYYMMDD + serial of at least four digits (43 or more).

    The serial counts per item and day from 1 and grows past 9999. Raises MalformedError for the
    code, NumberingError for a serial below 1 or a number of more than 50 characters.
    """
    code = require_valid(check_implementation(implementation_code))
    if serial < 1:
        raise NumberingError("办件流水号从1开始")
    text = CaseNumber(code, on, serial).text
    if len(text) > CASE_NUMBER_MAX_LENGTH:
        raise NumberingError(f"办件编号超过{CASE_NUMBER_MAX_LENGTH}位，当日流水号已用尽")
    return text


def parse_case_number(text: str) -> CaseNumber:
    """The parts of a long number. Raises MalformedError (code) or NumberingError (the rest)."""
    number = compact(text)
    head, rest = number[:IMPLEMENTATION_LENGTH], number[IMPLEMENTATION_LENGTH:]
    if len(rest) < _DATE_LENGTH + _CASE_SERIAL_WIDTH or len(number) > CASE_NUMBER_MAX_LENGTH:
        raise NumberingError("办件编号应为43至50位，请对照收件凭证核对")
    code = require_valid(check_implementation(head))
    serial = _serial(rest[_DATE_LENGTH:], _CASE_SERIAL_WIDTH)
    return CaseNumber(code, _date(rest[:_DATE_LENGTH]), serial)


@dataclass(frozen=True, slots=True)
class ShortNumber:
    """The number told on the telephone: day and serial of the platform on that day."""

    on: date
    serial: int

    @property
    def text(self) -> str:
        """For example 26-1121-00037-0."""
        serial = f"{self.serial:0{_SHORT_SERIAL_WIDTH}d}"
        body = f"{self.on:%y%m%d}{serial}"
        return f"{self.on:%y-%m%d}-{serial}-{damm.calc_check_digit(body)}"


def short_number(*, on: date, serial: int) -> str:
    """Two-digit year, month and day, serial of at least five digits, check digit (Damm).

    Damm's digit catches every single wrong digit and every swap of two neighbours. Raises
    NumberingError for a serial below 1 or a year outside 2000 to 2099.
    """
    if serial < 1:
        raise NumberingError("办件流水号从1开始")
    if not 2000 <= on.year <= 2099:
        raise NumberingError("短编号只用于2000年至2099年")
    return ShortNumber(on, serial).text


def parse_short_number(text: str) -> ShortNumber:
    """Read a short number with blanks, full-width characters, other dashes or none.

    Raises NumberingError; the words are for the applicant who typed it.
    """
    digits = without_hyphens(compact(text))
    if not is_digits(digits):
        raise NumberingError("办件短编号只有数字和短横线，请对照收件凭证填写")
    if not _SHORT_MIN_LENGTH <= len(digits) <= _SHORT_MAX_LENGTH:
        raise NumberingError("办件短编号位数不对，请对照收件凭证填写")
    if not damm.is_valid(digits):
        raise NumberingError("办件短编号有一位或几位不对，请对照收件凭证逐位核对")
    on = _date("20" + digits[:_SHORT_DATE_LENGTH])
    return ShortNumber(on, _serial(digits[_SHORT_DATE_LENGTH:-1], _SHORT_SERIAL_WIDTH))


def query_code(random_bytes: bytes) -> str:
    """A query code of six digits from random bytes, every code equally likely.

    Thirty-two bytes are enough: one chunk of four is refused in 4,600, all eight never. Raises
    NumberingError when every chunk was refused: draw again.
    """
    for start in range(0, len(random_bytes) - _CHUNK + 1, _CHUNK):
        number = int.from_bytes(random_bytes[start : start + _CHUNK], "big")
        if number < _FAIR_BELOW:  # the rest would make low codes likelier
            return f"{number % _QUERY_CODES:06d}"
    raise NumberingError("随机字节不足以生成查询码")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A legal document's number: the words before the bracket, year, serial."""

    word: str
    year: int
    serial: int

    @property
    def text(self) -> str:
        """For example 椰桃审食许〔2026〕37号 (GB/T 9704: whole year, no leading zeros)."""
        return f"{self.word}〔{self.year}〕{self.serial}号"


_WORD = re.compile(r"[^\W\d_]+")
_DOCUMENT_NUMBER = re.compile(
    r"(?P<word>[^\W\d_]+)[〔\[【(〈](?P<year>[0-9]{4})[〕\]】)〉]第?(?P<serial>[1-9][0-9]{0,8})号"
)


def document_number(*, organ_word: str, kind_word: str, year: int, serial: int) -> str:
    """The text of a document number. Raises NumberingError for empty or odd words and numbers."""
    if not _WORD.fullmatch(organ_word) or not _WORD.fullmatch(kind_word):
        raise NumberingError("机关代字和文种代字不能为空，只用文字，不含数字、空格和标点")
    if not 1949 <= year <= 9999 or serial < 1:
        raise NumberingError("文号年份应为4位，序号从1开始")
    return DocumentNumber(organ_word + kind_word, year, serial).text


def parse_document_number(text: str) -> DocumentNumber:
    """Read a document number; other brackets, blanks and 第 are tolerated.

    The organ word and the kind word cannot be told apart in the text alone: they come back as
    one ``word``. Raises NumberingError.
    """
    match = _DOCUMENT_NUMBER.fullmatch("".join(half_width(text).split()))
    if match is None:
        raise NumberingError("文号的写法如：椰桃审食许〔2026〕37号，请核对")
    return DocumentNumber(match["word"], int(match["year"]), int(match["serial"]))


def _date(digits: str) -> date:
    if not is_digits(digits):
        raise NumberingError("编号中的日期应为数字，请核对")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise NumberingError("编号中的日期无效，请核对") from error


def _serial(digits: str, width: int) -> int:
    # A longer serial with a leading zero was never issued: a digit was typed twice.
    if not is_digits(digits) or (len(digits) > width and digits.startswith("0")):
        raise NumberingError("编号中的流水号有误，请核对")
    serial = int(digits)
    if serial < 1:
        raise NumberingError("编号中的流水号有误，请核对")
    return serial
