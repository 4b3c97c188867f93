"""Normalising what people type or scan: half-width, upper-case, no blanks."""

from __future__ import annotations

# Only the ASCII block and the blank: NFKC would also turn ① into 1 and ² into 2 and so hide errors.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_HYPHENS = dict.fromkeys((0x2D, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x30FC))


def half_width(text: str) -> str:
    """Full-width ASCII and the ideographic blank to half-width; invisible characters out."""
    return text.translate(_HALF_WIDTH).translate(_INVISIBLE)


def compact(text: str) -> str:
    """Half-width, ASCII letters in upper case, without any blank."""
    return "".join(half_width(text).translate(_UPPER).split())


def without_hyphens(text: str) -> str:
    """Without hyphens and the dashes that keyboards put in their place."""
    return text.translate(_HYPHENS)


def is_digits(text: str) -> bool:
    """ASCII digits only: ``str.isdigit`` also accepts ² and Arabic-Indic digits."""
    return text.isascii() and text.isdigit()


def is_alphanumeric(text: str) -> bool:
    """ASCII letters and digits only, at least one."""
    return text.isascii() and text.isalnum()
