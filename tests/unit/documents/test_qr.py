"""The code on the page leads to the check page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from yiwang.foundation.documents import qr
from yiwang.foundation.documents.content import Document
from yiwang.foundation.documents.fonts import FontSet
from yiwang.foundation.documents.render import render

SVG = "{http://www.w3.org/2000/svg}"
URL = "https://zwfw.example.cn/check/7KQ4-M2XD-9TPA?a=1&b=2"


def drawn_matrix(svg: str, border: int) -> set[tuple[int, int]]:
    """The dark modules that the path of an SVG draws, as (column, row)."""
    path = ElementTree.fromstring(svg).find(f"{SVG}path")
    assert path is not None
    x, y, dark = 0, 0.0, set()
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", path.attrib["d"]):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            dark |= {(x + i - border, int(y) - border) for i in range(int(values[0]))}
            x += int(values[0])
        elif command == "M":
            x, y = int(values[0]), values[1]
        else:
            x, y = x + int(values[0]), y + values[1]
    return dark


@given(st.text(min_size=1, max_size=80))
def test_the_drawing_is_the_code_of_the_text(text: str) -> None:
    matrix = segno.make(text, error="m", micro=False).matrix
    expected = {(x, y) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    assert drawn_matrix(qr.svg(text, border=2), 2) == expected


def test_the_svg_has_attributes_only_so_that_a_strict_policy_shows_it() -> None:
    svg = qr.svg(URL, title="查验 <script>")
    root = ElementTree.fromstring(svg)
    names = {name for element in root.iter() for name in element.attrib}
    assert not names & {"style", "class"}
    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}title", f"{SVG}path"}
    assert "<script" not in svg


@pytest.mark.skipif(
    not (shutil.which("zbarimg") and shutil.which("pdftoppm")), reason="needs zbarimg, pdftoppm"
)
def test_a_reader_finds_the_address_on_the_printed_page(
    make: Callable[..., Document], fonts: FontSet, tmp_path: Path
) -> None:
    (tmp_path / "page.pdf").write_bytes(render(make(check_url=URL), fonts).pdf)
    subprocess.run(["pdftoppm", "-r", "150", "-png", "page.pdf", "page"], cwd=tmp_path, check=True)
    image = next(tmp_path.glob("*.png"))
    found = subprocess.run(["zbarimg", "-q", "--raw", image], capture_output=True, text=True)
    assert found.stdout.strip() == URL
