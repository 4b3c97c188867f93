"""QR codes as SVG without style attributes, so that they show under a strict content policy."""

from __future__ import annotations

import io

import segno


def svg(text: str, *, scale: int = 4, border: int = 2, title: str = "") -> str:
    """`text` as an inline `<svg>`: attributes only, no XML declaration; `title` is escaped.

    Error level M (15 %) survives a poor printer. Raises `segno.DataOverflowError` above about
    2,300 bytes.
    """
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer,
        kind="svg",
        scale=scale,
        border=border,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        nl=False,
        title=title or None,
    )
    return buffer.getvalue().decode("utf-8")


def svg_bytes(text: str, *, scale: int = 4, border: int = 0) -> bytes:
    """The same as a file, for the printed page or an `<img>` source."""
    return svg(text, scale=scale, border=border).encode("utf-8")
