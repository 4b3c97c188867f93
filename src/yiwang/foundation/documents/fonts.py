"""Fonts for printing, and what to print where no font has a character.

A missing glyph must never stop a legal document: PDF/A forbids the empty box, so a character
that no font covers is printed as its code, ⟨U+20BB7⟩ in a small frame, and reported.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont, TTLibError

# In order of preference; only those present are handed to typst, which warns about the others.
_CHAIN = (
    "Noto Serif SC",
    "Source Han Serif SC",
    "Noto Serif CJK SC",
    "FangSong",
    "FangSong_GB2312",
    "STFangsong",
    "SimSun",
    "Songti SC",
    "SimSun-ExtB",
    "Jigmo",
    "Jigmo2",
    "Jigmo3",
    "HanaMinA",
    "HanaMinB",
    "Noto Sans Mongolian",
    "Mongolian Baiti",
    "Noto Naskh Arabic",
    "Noto Serif Tibetan",
    "Noto Sans Yi",
)
# Frame a code for the template; private-use characters never reach it from a text (see below).
CODE_START, CODE_END = "\ue000", "\ue001"
_LINE_ENDS = frozenset("\n\v\f\x85\u2028\u2029")
# Invisible by nature; typst would give them the glyph of the space and spoil text extraction.
_DROPPED = frozenset("\u00ad\u200b\u2060\ufeff")
# They reorder what follows: a name could make the next words of the document read backwards.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})


class FontSet:
    """The fonts of some directories, the system's (unless told not to), and typst's own Latin.

    Safe to share between threads; building one takes about 0.2 s, so keep it (`load_fonts`).
    Directories that do not exist are left out.
    """

    def __init__(self, directories: Iterable[Path], *, system: bool = True) -> None:
        paths = [path for path in directories if path.is_dir()]
        self.typst = typst.Fonts(
            include_system_fonts=system, include_embedded_fonts=True, font_paths=paths
        )
        faces = _one_face_per_family(self.typst.fonts())
        self.families = tuple(name for name in _CHAIN if name in faces)
        self._first_choice = [faces[name] for name in self.families[:1]]
        self._faces = [faces[name] for name in self.families]
        self._faces += [face for name, face in faces.items() if name not in self.families]
        self._known: dict[tuple[str, bool], bool] = {}
        self._lock = threading.Lock()

    def covers(self, character: str, *, first_choice_only: bool = False) -> bool:
        """Whether some font (or only the first choice) has a glyph for one character.

        Printable ASCII always is: typst embeds a Latin font.
        """
        if " " <= character <= "~":
            return True
        key = (character, first_choice_only)
        with self._lock:
            if key not in self._known:
                faces = self._first_choice if first_choice_only else self._faces
                self._known[key] = any(_has(face, ord(character)) for face in faces)
            return self._known[key]

    def printable(self, text: str, *, first_choice_only: bool = False) -> tuple[str, set[str]]:
        """`text` with every character that cannot be printed framed as its code, and these.

        Control, private-use, unassigned and reordering characters are never printed raw; line
        ends become a line feed, a tab a space. Variation selectors stay behind their base.
        """
        out: list[str] = []
        missing: set[str] = set()
        for character in text.replace("\r\n", "\n").replace("\r", "\n"):
            plain = _simplify(character, out[-1] if out else "")
            if plain is not None:
                out.append(plain)
            elif not _is_dangerous(character) and self.covers(
                character, first_choice_only=first_choice_only
            ):
                out.append(character)
            elif unicodedata.category(character) == "Zs":
                out.append(" ")
            else:
                missing.add(character)
                out.append(f"{CODE_START}U+{ord(character):04X}{CODE_END}")
        return "".join(out), missing


@lru_cache(maxsize=8)
def load_fonts(directories: tuple[Path, ...], system: bool = True) -> FontSet:
    """The `FontSet` of these directories, built once per process."""
    return FontSet(directories, system=system)


def _one_face_per_family(fonts: list[typst.FontInfo]) -> dict[str, tuple[str, int]]:
    """Family → (file, index in the file), preferring the regular upright face.

    One face stands for its family: reading the character maps of all 126 faces of a common
    desktop would take four times as long as one per family (1.3 s, once, at the first rarity).
    """
    chosen: dict[str, typst.FontInfo] = {}
    for font in fonts:
        if font.path is None:
            continue
        held = chosen.get(font.family)
        if held is None or _distance(font) < _distance(held):
            chosen[font.family] = font
    return {name: (str(font.path), font.index) for name, font in chosen.items()}


def _distance(font: typst.FontInfo) -> tuple[bool, int]:
    return (font.style != "normal", abs(font.weight - 400))


def _simplify(character: str, previous: str) -> str | None:
    """The replacement of a character that needs no glyph of its own, else None."""
    if character in _LINE_ENDS:
        return "\n"
    if character == "\t":
        return " "
    if character in _DROPPED:
        return ""
    if _joins(character):
        stands_alone = not previous or previous.isspace() or previous.endswith(CODE_END)
        return "" if stands_alone else character
    return None


def _joins(character: str) -> bool:
    """Joiners and variation selectors, which fonts need not map."""
    code = ord(character)
    return (
        code in (0x200C, 0x200D)
        or 0x180B <= code <= 0x180F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
    )


def _is_dangerous(character: str) -> bool:
    return character in _REORDERING or unicodedata.category(character) in _UNPRINTABLE_CATEGORIES


def _has(face: tuple[str, int], code: int) -> bool:
    return bool(_coverage(*face)[code >> 3] & 1 << (code & 7))


@lru_cache(maxsize=512)
def _coverage(path: str, index: int) -> bytes:
    """One bit for each code point: 139 KB a face, where a set would take 4 MB."""
    bits = bytearray(0x110000 >> 3)
    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            codes = font.getBestCmap() or {}
    except (TTLibError, OSError, KeyError):
        codes = {}  # a font that cannot be read covers nothing
    for code in codes:
        bits[code >> 3] |= 1 << (code & 7)
    return bytes(bits)
