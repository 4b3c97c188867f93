"""Packages: the same files give the same bytes, in order, and what was altered is named."""

from __future__ import annotations

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.archives.domain.layout import ORDER, Item, Part, kept_years, part_of
from yiwang.apps.archives.domain.packing import CATALOGUE, check, pack
from yiwang.foundation.documents.kinds import DocumentKind

NAMES = st.text(min_size=1, max_size=90).filter(str.strip)
ITEMS = st.lists(
    st.builds(
        Item,
        part=st.sampled_from(Part),
        title=NAMES,
        number=st.text(max_size=30),
        made_on=st.dates().map(lambda day: day.isoformat()),
        ending=st.sampled_from(["pdf", "json", "jpg"]),
        content=st.binary(max_size=200),
        responsible=st.text(max_size=20),
    ),
    max_size=12,
)


@given(ITEMS)
def test_any_files_make_a_package_that_checks(items: list[Item]) -> None:
    content, lines = pack({"事项": "甲"}, items)
    assert check(content) == []
    assert len(lines) == len(items) and len({line.name for line in lines}) == len(items)
    assert pack({"事项": "甲"}, items)[0] == content


@given(ITEMS)
def test_conclusions_stand_before_what_they_rest_on(items: list[Item]) -> None:
    _, lines = pack({}, items)
    places = [next(p for p in ORDER if p.label == line.part) for line in lines]
    assert places == sorted(places, key=ORDER.index)


def repacked(content: bytes, *, change: str = "", drop: str = "", add: str = "") -> bytes:
    """The same package with one file altered, left out, or one too many."""
    old, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name != drop:
                new.writestr(name, old.read(name) + (b"!" if name == change else b""))
        if add:
            new.writestr(add, b"x")
    return buffer.getvalue()


def test_a_file_that_is_altered_missing_or_not_listed_is_named() -> None:
    items = [
        Item(Part.RESULT, "决定书", "甲〔2026〕1号", "2026-03-02", "pdf", b"one"),
        Item(Part.MATERIALS, "平面图", "", "2026-03-01", "pdf", b"two"),
    ]
    content, lines = pack({}, items)
    first, second = (line.name for line in lines)
    assert check(repacked(content, change=first)) == [first]
    assert check(repacked(content, drop=second)) == [second]
    assert check(repacked(content, add="多的.pdf")) == ["多的.pdf"]
    assert check(repacked(content, drop=CATALOGUE)) == [CATALOGUE]


def test_every_paper_of_a_case_has_its_part() -> None:
    assert part_of(DocumentKind.GRANT_DECISION.value) is Part.RESULT
    assert part_of(DocumentKind.RECEIPT.value) is Part.APPLICATION
    assert part_of(DocumentKind.DELIVERY_RECEIPT.value) is Part.DELIVERY
    assert kept_years("PERMIT") > kept_years("PUBLIC_SERVICE") > 0
