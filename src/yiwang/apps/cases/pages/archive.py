"""我的材料: what was handed in before; an earlier one at a window; all results at once."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.cases import permissions
from yiwang.apps.cases.archive import materials_of
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.operations.drafts import own_draft
from yiwang.apps.cases.operations.reusing import disclose_earlier, earlier_of, take_results
from yiwang.apps.cases.pages.applying import file_row
from yiwang.apps.cases.pages.own import own_whole_case, papers_for, parties_of
from yiwang.apps.cases.queries import own_cases
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.storing import read, safe_name
from yiwang.foundation.shell.access import citizen_page, staff_page
from yiwang.foundation.shell.sending import disposition, send


@require_GET
@citizen_page
def mine(request: HttpRequest) -> HttpResponse:
    """The files of one's own cases and of those one represents, by case, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    after = request.GET.get("after") or None
    found = own_cases(actor=actor, parties=parties_of(actor), after=after, with_files=True)
    files = materials_of([case.pk for case in found.cases])
    rows = [
        {
            "case": case,
            "materials": [
                {"row": row, "file": file_row(row.attachment)}
                for row in files[case.pk]
                if row.attachment is not None
            ],
        }
        for case in found.cases
    ]
    pager = None
    if after or found.next_cursor:
        pager = {
            "previous_url": "/my/materials/" if after else "",
            "next_url": f"/my/materials/?after={found.next_cursor}" if found.next_cursor else "",
            "note": "← 回到最新的材料" if after else "",
        }
    return render(request, "cases/portal/archive.html", {"rows": rows, "pager": pager})


@require_GET
@citizen_page
def results(request: HttpRequest, case_id: int) -> HttpResponseBase:
    """全部结果打包下载: every paper of the case that is made, in one archive, as it is read."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    whole = own_whole_case(case_id, actor=actor)
    papers = [row for row in papers_for(whole, actor) if row.file_id is not None]
    if not papers:
        raise Http404
    take_results(case=whole.case, documents=papers, actor=actor, at=at)
    response = StreamingHttpResponse(zipped(papers), content_type="application/zip")
    name = safe_name(f"{whole.case.item_name} {whole.case.short_number}.zip")
    response.headers["Content-Disposition"] = disposition("attachment", name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


class _Pipe(io.RawIOBase):
    """What was written and not yet taken: the archive is never whole in memory."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        found, self._parts = b"".join(self._parts), []
        return found


def zipped(papers: list[LegalDocument]) -> Iterator[bytes]:
    """The archive in pieces, a paper each. PDFs are stored as they are: they do not shrink."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for place, row in enumerate(papers, 1):
            assert row.file is not None
            name = safe_name(f"{place:02d} {row.title} {row.number}.pdf")
            archive.writestr(zipfile.ZipInfo(name, row.made_on.timetuple()[:6]), read(row.file))
            yield pipe.take()
    yield pipe.take()


@require_GET
@staff_page(permissions.RECEIVE)
def look(request: HttpRequest, draft_id: uuid.UUID, code: str) -> HttpResponse:
    """A clerk looks at what is offered before using it: told to the applicant."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    draft = own_draft(draft_id, actor=actor)
    try:
        found = earlier_of(draft, code, actor=actor, at=at)
    except InvalidInputError as error:
        raise Http404 from error
    assert found.row.attachment is not None
    what = f"以前交过的材料「{found.row.name}」"[:120]
    disclose_earlier(draft, what, actor=actor, at=at)
    return send(found.row.attachment.file, found.row.attachment.name)
