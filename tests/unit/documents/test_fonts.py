"""Which characters can be printed, and what happens to the others."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from yiwang.foundation.documents.fonts import CODE_END, CODE_START, FontSet

BARE = FontSet((), system=False)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_ascii_always_prints_unchanged(text: str) -> None:
    assert BARE.printable(text) == (text, set())


@given(st.text(max_size=40))
def test_what_is_left_needs_no_font_that_is_not_there(text: str) -> None:
    printed, missing = BARE.printable(text)
    marks = {CODE_START, CODE_END, "\n"}
    assert all(" " <= part <= "~" or part in marks or part in text for part in printed)
    assert not any(character in printed for character in missing - {CODE_START, CODE_END})


@given(st.text(max_size=40))
def test_every_visible_character_is_printed_or_reported(text: str) -> None:
    printed, missing = BARE.printable(text)
    for character in text:
        if character.isprintable() and not character.isspace() and character not in printed:
            code = ord(character)
            joins = character in "\u200c\u200d" or 0x180B <= code <= 0x180F
            joins = joins or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
            assert character in missing or joins


def test_a_private_use_character_cannot_pass_for_a_code_mark() -> None:
    printed, missing = BARE.printable(f"{CODE_START}x{CODE_END}")
    assert missing == {CODE_START, CODE_END}
    assert printed.count("U+E000") == 1 and printed.count("U+E001") == 1


def test_line_ends_of_every_kind_become_one() -> None:
    assert BARE.printable("a\r\nb\rc\u2028d\x0be") == ("a\nb\nc\nd\ne", set())


def test_invisible_characters_are_left_out() -> None:
    assert BARE.printable("\ufeffa\u200bb\u00adc\u2060") == ("abc", set())


def test_a_lone_surrogate_is_reported(fonts: FontSet) -> None:
    printed, missing = fonts.printable("李\ud800")
    assert missing == {"\ud800"} and "U+D800" in printed


def test_a_directory_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    assert FontSet((tmp_path / "none",), system=False).families == ()


def test_covered_characters_stay(fonts: FontSet) -> None:
    assert fonts.printable("李四·〔2026〕㛃") == ("李四·〔2026〕㛃", set())
