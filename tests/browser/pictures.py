"""Screenshots small enough to keep: at most 256 colours, which a page of text hardly exceeds."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

# The 256 most frequent colours; any other becomes the nearest of them.
REDUCE = """async (encoded) => {
  const bytes = Uint8Array.from(atob(encoded), c => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(pair => pair[0]);
  const parts = c => [c & 255, (c >> 8) & 255, (c >> 16) & 255];
  const far = (a, b) => parts(a).reduce((sum, v, i) => sum + (v - parts(b)[i]) ** 2, 0);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  for (const colour of counts.keys()) {
    if (places.has(colour)) continue;
    let best = 0;
    palette.forEach((one, place) => { if (far(colour, one) < far(colour, palette[best])) best = place; });
    places.set(colour, best);
  }
  let text = "";
  for (const pixel of pixels) text += String.fromCharCode(places.get(pixel));
  return [image.width, image.height, palette.flatMap(parts), btoa(text)];
}"""


def picture(page: Page, *, whole: bool = False) -> bytes:
    """What the window shows now, or the whole page, as a PNG of at most 256 colours."""
    shot = page.screenshot(scale="css", animations="disabled", full_page=whole)
    empty = page.context.browser.new_page()  # type: ignore[union-attr]
    width, height, palette, encoded = empty.evaluate(REDUCE, base64.b64encode(shot).decode())
    empty.close()
    pixels = base64.b64decode(encoded)
    rows = b"".join(b"\0" + pixels[y * width : (y + 1) * width] for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", bytes(palette)),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )
