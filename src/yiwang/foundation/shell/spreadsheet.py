"""A table as a file for spreadsheets: one way for every list that can be taken away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from django.http import HttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, is_public: bool = False
) -> HttpResponse:
    """CSV in UTF-8 with a byte order mark, as spreadsheets here expect; no cell can be taken for a
    formula. What is not `is_public` is kept by no cache."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    content = stream.getvalue().encode("utf-8-sig")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    if not is_public:
        response["Cache-Control"] = "private, no-store"
    return response


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA else cell
