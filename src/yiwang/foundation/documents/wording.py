"""Set wording of legal documents: titles by regime, dates, the two roads of remedy."""

from __future__ import annotations

from datetime import date

from yiwang.foundation.documents.content import DocumentError


def chinese_date(day: date) -> str:
    """2026年11月21日 (GB/T 9704: Arabic figures, no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """1 to 99 as 一 to 九十九, for the numbers of headings; beyond, the figures."""
    if not 1 <= number <= 99:
        return str(number)
    digits = ["", *"一二三四五六七八九"]
    tens, units = divmod(number, 10)
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[units]}"


def refusal_title(word: str) -> str:
    """Title of a refusal from the regime's word: 不予许可 → 不予行政许可决定书.

    Raises `DocumentError` for a word that does not begin with 不予.
    """
    if not word.startswith("不予"):
        raise DocumentError("不予决定的用语应以「不予」开头")
    return "不予行政许可决定书" if word == "不予许可" else f"{word}决定书"


def remedy_text(*, review_organ: str, court: str, review_first: bool = False) -> str:
    """How to object: 60 days to the reviewing organ (行政复议法§20), 6 months to court.

    The six months are 行政诉讼法§46. `review_organ` comes from the item, by rule the people's
    government of the same level (行政复议法§24, exceptions §27). `review_first` is for the acts
    of 行政复议法§23, where reconsideration must come before a suit; the suit then follows within
    15 days (行政诉讼法§45).
    Raises `DocumentError` where a name is missing.
    """
    if not review_organ.strip() or not court.strip():
        raise DocumentError("救济途径应写明行政复议机关和人民法院的名称")
    if review_first:
        return (
            f"如对本决定不服，应当自知道本决定之日起六十日内先向{review_organ}申请行政复议；"
            f"对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内"
            f"依法向{court}提起行政诉讼。"
        )
    return (
        f"如对本决定不服，可以自知道本决定之日起六十日内向{review_organ}申请行政复议，"
        f"也可以自知道本决定之日起六个月内依法直接向{court}提起行政诉讼。"
    )
