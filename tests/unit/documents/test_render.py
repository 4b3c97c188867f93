"""The printed page: complete, exact, the same each time, whatever the names."""

from __future__ import annotations

import dataclasses
import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.foundation.documents.content import Document, Orientation
from yiwang.foundation.documents.fonts import FontSet
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.payload import DEMO_WATERMARK, NOTE_DEMO, NOTE_OWN_CERTIFICATE
from yiwang.foundation.documents.render import RenderError, render

Make = Callable[..., Document]
TextOf = Callable[[bytes], str]
TEMPLATES = Path(sys.modules[render.__module__].__file__ or "").with_name("templates_typst")


def squeeze(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_prints_its_number_addressee_organ_and_date(
    make: Make, fonts: FontSet, text_of: TextOf, kind: DocumentKind
) -> None:
    document = make(kind)
    text = text_of(render(document, fonts).pdf)
    assert squeeze(document.heading) in text
    assert squeeze(document.organ) in text
    assert document.number in text
    assert "2026年11月21日" in text
    if kind not in (DocumentKind.CERTIFICATE, DocumentKind.GUIDE):
        assert document.addressee in text


@pytest.mark.parametrize("kind", [kind for kind in DocumentKind if kind.needs_remedy])
def test_a_negative_result_prints_facts_article_reason_and_remedy(
    make: Make, fonts: FontSet, text_of: TextOf, kind: DocumentKind
) -> None:
    document = make(kind)
    text = text_of(render(document, fonts).pdf)
    for part in (document.facts, document.articles[0], document.reason, document.remedy):
        assert squeeze(part or "") in text


def test_a_correction_notice_lists_every_item_with_its_reason(
    make: Make, fonts: FontSet, text_of: TextOf
) -> None:
    text = text_of(render(make(DocumentKind.CORRECTION_NOTICE), fonts).pdf)
    assert "1.平面布局图原因：未标明专间面积2.任命文件原因：未加盖公章" in text


def test_the_page_says_what_the_file_is_and_is_not(
    make: Make, fonts: FontSet, text_of: TextOf
) -> None:
    demo = text_of(render(make(is_demo=True), fonts).pdf)
    real = text_of(render(make(is_demo=False), fonts).pdf)
    assert squeeze(NOTE_DEMO) in demo
    assert squeeze(DEMO_WATERMARK) in demo
    assert squeeze(NOTE_OWN_CERTIFICATE) in real
    assert "演示" not in real


def test_the_watermark_stands_on_every_page(make: Make, fonts: FontSet) -> None:
    document = make(paragraphs=("经营场所。" * 60,) * 12)
    pages = pypdf.PdfReader(io.BytesIO(render(document, fonts).pdf)).pages
    assert len(pages) > 1
    assert all(DEMO_WATERMARK in page.extract_text() for page in pages)


def test_no_page_bears_the_seal_alone(make: Make, fonts: FontSet) -> None:
    """Whatever the length, the signature page also holds words of the last paragraph."""
    for count in range(1, 30):
        document = make(paragraphs=("事实清楚。" * 10,) * count)
        last = pypdf.PdfReader(io.BytesIO(render(document, fonts).pdf)).pages[-1]
        assert "行政诉讼" in squeeze(last.extract_text())


HOSTILE = [
    "#panic[]*_",
    "$x^2$ `raw` @ref <label> // /* */ \\n = - + ~",
    "</text>\"]}'; DROP TABLE",
    "--- ... \"引号\" 'x'",
    "⟨U+4E00⟩",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_prints_as_it_is(
    make: Make, fonts: FontSet, text_of: TextOf, name: str
) -> None:
    rendered = render(make(addressee=name), fonts)
    assert squeeze(name) in text_of(rendered.pdf)


def test_text_that_would_reverse_its_neighbours_shows_its_code(
    make: Make, fonts: FontSet, text_of: TextOf
) -> None:
    rendered = render(make(addressee="李\u202e四"), fonts)
    assert rendered.missing == {"\u202e"}
    assert "李⟨U+202E⟩四：" in text_of(rendered.pdf)


def test_a_long_word_stays_on_the_page(make: Make, fonts: FontSet, text_of: TextOf) -> None:
    word = "A1b2C3d4e5" * 30
    pdf = render(make(addressee=word), fonts).pdf
    assert word in text_of(pdf)
    lines = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()
    assert max(len(line) for line in lines) < 60  # a line of the page holds about 50


def test_rare_and_minority_names_come_through(make: Make, fonts: FontSet, text_of: TextOf) -> None:
    for name in ("𠮷䶮㛃", "古丽娜尔·买买提", "ᠮᠣᠩᠭᠣᠯ"):
        rendered = render(make(addressee=name), fonts)
        shown = "".join(
            f"⟨U+{ord(character):04X}⟩" if character in rendered.missing else character
            for character in name
        )
        assert shown in text_of(rendered.pdf)
        assert rendered.missing <= set(name)
    assert not render(make(addressee="䶮㛃古丽娜尔·买买提"), fonts).missing


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_without_any_font_every_kind_still_prints_its_codes(
    make: Make, text_of: TextOf, kind: DocumentKind
) -> None:
    rendered = render(make(kind, organ="李four局"), FontSet((), system=False))
    assert "李" in rendered.missing
    assert "⟨U+674E⟩four⟨U+5C40⟩" in text_of(rendered.pdf)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(min_size=1, max_size=30).filter(str.strip))
def test_no_text_whatever_stops_a_document(make: Make, fonts: FontSet, name: str) -> None:
    rendered = render(make(addressee=name), fonts)
    assert rendered.pdf.startswith(b"%PDF-")


def test_the_same_document_gives_the_same_bytes(make: Make, fonts: FontSet) -> None:
    again = FontSet((), system=True)
    one, two = render(make(), fonts).pdf, render(make(), fonts).pdf
    assert one == two
    if again.families == fonts.families:
        assert render(make(), again).pdf == one
    assert render(make(addressee="李四"), fonts).pdf != one


def test_the_file_declares_pdf_a_2b_and_the_day_it_was_made(make: Make, fonts: FontSet) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(make(), fonts).pdf))
    metadata = reader.xmp_metadata
    assert metadata is not None
    rdf = metadata.rdf_root.toxml()
    assert "<pdfaid:part>2</pdfaid:part>" in rdf
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in rdf
    assert reader.metadata is not None
    assert str(reader.metadata["/CreationDate"]).startswith("D:20261121")
    assert reader.metadata.title == "不予行政许可决定书"


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x40\x80\xc0" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("orientation", list(Orientation))
def test_a_certificate_shows_holder_validity_identifier_and_photo(
    make: Make, fonts: FontSet, text_of: TextOf, orientation: Orientation
) -> None:
    face = make().certificate
    assert face is not None
    face = dataclasses.replace(face, orientation=orientation, valid_to=None, photo=png(30, 40))
    pdf = render(make(DocumentKind.CERTIFICATE, certificate=face), fonts).pdf
    text = text_of(pdf)
    assert face.holder in text and face.identifier in text
    assert "自2026年11月21日起长期有效" in text
    page = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    landscape = page.mediabox.width > page.mediabox.height
    assert landscape is (orientation is Orientation.LANDSCAPE)
    assert len(page.images) == 1


def test_a_damaged_photo_is_a_typed_error(make: Make, fonts: FontSet) -> None:
    face = make().certificate
    assert face is not None
    broken = dataclasses.replace(face, photo=png(3, 4)[:40])
    with pytest.raises(RenderError):
        render(make(DocumentKind.CERTIFICATE, certificate=broken), fonts)


def test_the_templates_hold_no_words_of_their_own() -> None:
    """Else a machine without a Chinese font could not print at all."""
    for template in TEMPLATES.glob("*.typ"):
        for line in template.read_text(encoding="utf-8").splitlines():
            code = line.split("//")[0]
            assert not any("\u3400" <= character <= "\u9fff" for character in code), template.name


def test_loading_the_content_needs_neither_typst_nor_pyhanko() -> None:
    code = (
        "import sys, yiwang.foundation.documents.content;"
        "print(any(name in sys.modules for name in ('typst', 'pyhanko', 'django')))"
    )
    path = str(TEMPLATES.parents[3])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": path}
    )
    assert done.stdout.strip() == "False", done.stderr
