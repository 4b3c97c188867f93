"""The glossary is complete and says the same words as the code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.architecture.glossary import wanted

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    cells = [
        [c.strip() for c in line.strip("|").split("|")] for line in lines if line.startswith("|")
    ]
    return [row for row in cells if not row[0].startswith("---") and row[0] != "中文"]


def test_every_model_status_act_and_permission_stands_in_it_once() -> None:
    named = Counter(row[2].strip("`") for row in rows())
    expected = wanted()
    assert sorted(set(expected) - set(named)) == []
    assert [name for name, number in named.items() if number > 1] == []


def test_its_words_are_the_codes_words() -> None:
    expected = wanted()
    differing = [
        (row[2], row[0], expected[row[2].strip("`")])
        for row in rows()
        if row[2].strip("`") in expected and row[0] != expected[row[2].strip("`")]
    ]
    assert differing == []


def test_every_row_has_an_english_word_and_a_meaning() -> None:
    assert [row[0] for row in rows() if len(row) != 5 or not row[1] or not row[3]] == []
