"""A signature holds until one byte changes, and knows nothing of the network or the clock."""

from __future__ import annotations

import io
import socket
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.foundation.documents.authority import FILES
from yiwang.foundation.documents.content import Document
from yiwang.foundation.documents.fonts import FontSet
from yiwang.foundation.documents.render import render
from yiwang.foundation.documents.signing import (
    SigningError,
    check_signature,
    make_test_authority,
    sign,
)

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
NAME = "椰城市政务服务（演示）"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("signing") / "authority"
    make_test_authority(directory, NAME, AT)
    return directory


@pytest.fixture
def plain(make: Callable[..., Document], fonts: FontSet) -> bytes:
    return render(make(), fonts).pdf


@pytest.fixture
def signed(plain: bytes, authority: Path) -> bytes:
    return sign(plain, authority, AT, "不予行政许可决定")


def test_a_signed_document_is_valid_and_says_by_whom_and_when(
    signed: bytes, authority: Path
) -> None:
    report = check_signature(signed, authority)
    assert report.valid and report.covers_whole_file
    assert report.signer == NAME
    assert report.signed_at == AT


def test_signing_adds_to_the_file_and_leaves_its_bytes_and_metadata(
    plain: bytes, signed: bytes
) -> None:
    assert signed.startswith(plain)
    before, after = (pypdf.PdfReader(io.BytesIO(data)) for data in (plain, signed))
    assert before.metadata == after.metadata
    assert before.xmp_metadata is not None and after.xmp_metadata is not None
    assert before.xmp_metadata.stream.get_data() == after.xmp_metadata.stream.get_data()
    assert [page.extract_text() for page in before.pages] == [
        page.extract_text() for page in after.pages
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_byte_breaks_the_signature(
    signed: bytes, authority: Path, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(signed) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(signed)
    changed[position] ^= flip
    assert not check_signature(bytes(changed), authority).valid


def test_a_byte_changed_in_the_padding_or_the_envelope_breaks_it(
    signed: bytes, authority: Path
) -> None:
    """These bytes no digest covers: the padding, a digit's case, a length, an absent parameter."""
    start = signed.rindex(b"/Contents <") + len(b"/Contents ")
    end = signed.index(b">", start)
    places = [start + 1, start + 6, start + 8, start + 83, start + 84, end - 1, end - 300]
    for position in places:
        for new in b"0157ab":
            if signed[position] != new:
                changed = signed[:position] + bytes([new]) + signed[position + 1 :]
                assert not check_signature(changed, authority).valid, (position - start, new)
    envelope = signed[start:end]
    assert not check_signature(signed.replace(envelope, envelope.lower()), authority).valid


def test_something_added_afterwards_is_not_covered(signed: bytes, authority: Path) -> None:
    writer = pypdf.PdfWriter(io.BytesIO(signed), incremental=True)
    writer.add_metadata({"/Subject": "改过"})
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(signed)
    report = check_signature(out.getvalue(), authority)
    assert not report.valid and not report.covers_whole_file


def test_another_authority_is_not_trusted(signed: bytes, tmp_path: Path) -> None:
    make_test_authority(tmp_path / "other", NAME, AT)
    report = check_signature(signed, tmp_path / "other")
    assert not report.valid and report.covers_whole_file


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a pdf" * 100])
def test_what_is_no_document_is_not_valid_and_not_an_accident(data: bytes, authority: Path) -> None:
    report = check_signature(data, authority)
    assert (report.valid, report.signer, report.signed_at) == (False, "", None)


def test_an_unsigned_document_is_not_valid(plain: bytes, authority: Path) -> None:
    assert not check_signature(plain, authority).valid


def test_the_authority_is_private_and_made_once(authority: Path) -> None:
    before = {name: (authority / name).read_bytes() for name in FILES}
    make_test_authority(authority, "别的名字", AT)
    assert before == {name: (authority / name).read_bytes() for name in FILES}
    assert stat.S_IMODE(authority.stat().st_mode) == 0o700
    assert {stat.S_IMODE((authority / name).stat().st_mode) for name in FILES} == {0o600}


def test_processes_that_make_it_at_once_share_one_authority(tmp_path: Path, plain: bytes) -> None:
    directory = tmp_path / "authority"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: make_test_authority(directory, NAME, AT), range(8)))
    assert check_signature(sign(plain, directory, AT, "试"), directory).valid
    assert [path.name for path in tmp_path.iterdir()] == ["authority"]


def test_half_an_authority_is_reported_not_overwritten(tmp_path: Path) -> None:
    directory = tmp_path / "authority"
    directory.mkdir()
    (directory / "ca.key").write_text("kept")
    with pytest.raises(SigningError, match="不完整"):
        make_test_authority(directory, NAME, AT)
    assert (directory / "ca.key").read_text() == "kept"


def test_signing_uses_the_time_it_is_given(plain: bytes, authority: Path) -> None:
    earlier = datetime(2019, 3, 1, tzinfo=UTC)
    report = check_signature(sign(plain, authority, earlier, "试"), authority)
    assert report.valid and report.signed_at == earlier
    with pytest.raises(SigningError, match="有效期"):
        sign(plain, authority, datetime(1999, 1, 1, tzinfo=UTC), "试")
    with pytest.raises(SigningError, match="时区"):
        sign(plain, authority, AT.replace(tzinfo=None), "试")


def test_signing_without_an_authority_or_a_document_is_a_typed_error(
    plain: bytes, authority: Path, tmp_path: Path
) -> None:
    with pytest.raises(SigningError, match="没有可用"):
        sign(plain, tmp_path, AT, "试")
    with pytest.raises(SigningError, match="没有可用"):
        check_signature(plain, tmp_path)
    with pytest.raises(SigningError, match="无法签名"):
        sign(b"not a pdf", authority, AT, "试")


def test_neither_signing_nor_checking_opens_a_connection(
    plain: bytes, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert check_signature(sign(plain, authority, AT, "试"), authority).valid
