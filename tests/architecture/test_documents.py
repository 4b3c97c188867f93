"""Documents that cannot rot: generated pages, law table, decisions, requirement marks."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tools.generate_docs import PAGES
from tools.requirements_report import proofs

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    written = (ROOT / "docs" / "generated" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run tools/generate_docs.py"


def test_every_row_mark_is_a_row() -> None:
    with (ROOT / "docs" / "requirements.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["id"] for row in csv.DictReader(stream)}
    assert set(proofs()) <= known


def law_rows() -> list[list[str]]:
    text = (ROOT / "docs" / "law" / "README.md").read_text(encoding="utf-8")
    rows = [
        line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")
    ]
    return [[cell.strip() for cell in row] for row in rows if "---" not in row[0]][1:]


@pytest.mark.parametrize("row", law_rows(), ids=lambda row: row[0])
def test_every_article_has_its_code_and_its_test(row: list[str]) -> None:
    article, rule, code, tests = row
    assert article and rule
    for path in re.findall(r"`([^`]+)`", code):
        assert (ROOT / "src" / "yiwang" / path).exists(), path
    names = re.findall(r"`([^`]+)`", tests)
    assert names
    for name in names:
        file, _, function = name.partition("::")
        assert f"def {function}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), name


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(p.name[:4]) for p in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1)) and numbers
