"""Opening hours of a hall: read as people type them, kept in one form. Pure."""

from __future__ import annotations

import re

SAID = "请写成「周一至周五 09:00—12:00、14:00—17:30」,几段之间用分号。"
WORDS = {"工作日": "周一至周五", "每天": "周一至周日"}
# Chinese keyboards write full-width marks, named by their code because they look like others.
_COMMA, _SEMICOLON, _COLON = r"[、,\uff0c]", r"[;\uff1b]", r"[:\uff1a]"
_TO = r"(?:——?|[-–~\uff5e至到])"
_DAY = "[一二三四五六日]"
_TERM = rf"(?:工作日|周{_DAY}(?:\s*{_TO}\s*周?{_DAY})?)"
_DAYS = re.compile(rf"(每天|{_TERM}(?:\s*{_COMMA}\s*{_TERM})*)\s*{_COLON}?")
_RANGE = re.compile(rf"周({_DAY})(?:\s*{_TO}\s*周?({_DAY}))?")
_TIME = rf"([01]?[0-9]|2[0-3]){_COLON}([0-5][0-9])"
_SPAN = re.compile(rf"{_TIME}\s*{_TO}\s*{_TIME}")
_NOTE = re.compile(r"(?:\([^()\uff08\uff09]{1,80}\)|\uff08[^()\uff08\uff09]{1,80}\uff09)$")


class HoursError(ValueError):
    """Hours that cannot be read; the text says to who typed them what would be right."""


def normal_hours(text: str) -> str:
    """「周一至周五 09:00—12:00、14:00—17:30;周六 09:00—12:00(法定节假日除外)」: days, then spans
    that follow each other; several of them parted by semicolons; at the end a note in brackets as
    it was typed.

    Raises HoursError.
    """
    whole = text.strip()
    note = _NOTE.search(whole)
    body = whole[: note.start()].strip() if note else whole
    parts = [_part(one.strip()) for one in re.split(_SEMICOLON, body)]
    return ";".join(parts) + (note[0] if note else "")


def _part(text: str) -> str:
    days = _DAYS.match(text)
    if days is None:
        raise HoursError(SAID)
    terms = [_term(one.strip()) for one in re.split(_COMMA, days[1])]
    spans, last = [], -1
    for one in re.split(_COMMA, text[days.end() :]):
        found = _SPAN.fullmatch(one.strip())
        if found is None:
            raise HoursError(SAID)
        begin, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
        if not last < begin < end:
            raise HoursError(f"「{one.strip()}」的钟点前后不对,请按先后写,不要重叠。")
        spans.append(f"{_clock(begin)}—{_clock(end)}")
        last = end
    return f"{'、'.join(terms)} {'、'.join(spans)}"


def _term(text: str) -> str:
    if text in WORDS:
        return WORDS[text]
    found = _RANGE.fullmatch(text)
    assert found is not None
    return f"周{found[1]}至周{found[2]}" if found[2] else f"周{found[1]}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
