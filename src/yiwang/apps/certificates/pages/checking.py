"""The public check of a paper: what we issued under a code, and whether a file is that very one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yiwang.apps.certificates.models import Certificate
from yiwang.apps.certificates.pages.telling import state_tag, warning_of
from yiwang.apps.certificates.queries import certificate_on_paper
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.documents.signing import SignatureReport, check_signature
from yiwang.foundation.environment import environment
from yiwang.foundation.files.storing import LARGEST
from yiwang.foundation.shell.access import public_page
from yiwang.kernel.moment import civil_date

GROUP = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What an uploaded file turned out to be."""

    is_ours: bool
    report: SignatureReport
    sha256: str

    @property
    def groups(self) -> list[str]:
        return in_groups(self.sha256)


def in_groups(digest: str) -> list[str]:
    """A digest in groups of eight, to compare by eye and to break on a narrow page."""
    return [digest[i : i + 8] for i in range(0, len(digest), 8)]


def normal_code(text: str) -> str:
    """A code as it is kept: capitals in groups of four, whatever was typed between them."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())[:16]
    return "-".join(plain[i : i + GROUP] for i in range(0, len(plain), GROUP))


def _papers() -> Any:
    return LegalDocument.objects.select_related("file").defer("content")


@public_page
def check(request: HttpRequest) -> HttpResponse:
    """Type a code, or hand in a file and learn which paper it is."""
    if request.method == "POST":
        content = _upload(request)
        if content is None:
            context = {"error": "请选择一个 20 MB 以内的 PDF 文件。"}
            return render(request, "certificates/portal/check.html", context, status=422)
        finding = _find(content, "")
        paper = _papers().filter(file_id=finding.sha256).first()
        return _page(request, paper, finding)
    code = request.GET.get("code", "")
    if code.strip():
        return HttpResponseRedirect(f"/check/{normal_code(code) or 'unknown'}/")
    return render(request, "certificates/portal/check.html", {})


@public_page
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """The paper of one code; with a file, whether it is byte for byte the one we issued."""
    paper = _papers().filter(check_code=normal_code(code)).first()
    if paper is None:
        context = {"code": code[:24], "is_unknown": True}
        return render(request, "certificates/portal/check.html", context, status=404)
    finding, error = None, ""
    if request.method == "POST":
        content = _upload(request)
        error = "" if content is not None else "请选择一个 20 MB 以内的 PDF 文件。"
        finding = _find(content, paper.file_id or "") if content is not None else None
    return _page(request, paper, finding, error)


def _upload(request: HttpRequest) -> bytes | None:
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > LARGEST:
        return None
    return file.read()


def _find(content: bytes, expected: str) -> Finding:
    digest = hashlib.sha256(content).hexdigest()
    report = check_signature(content, environment().keys / "signing")
    return Finding(is_ours=digest == expected, report=report, sha256=digest)


def _page(
    request: HttpRequest, paper: LegalDocument | None, finding: Finding | None, error: str = ""
) -> HttpResponse:
    today = civil_date(request.at)  # type: ignore[attr-defined]
    if finding is not None and paper is not None and paper.file_id == finding.sha256:
        finding = Finding(True, finding.report, finding.sha256)
    certificate = certificate_on_paper(paper) if paper is not None else None
    context = {
        "paper": paper,
        "warning": warning_of(certificate, today) if certificate is not None else None,
        "finding": finding,
        "error": error,
        "digest": in_groups(paper.file_id or "") if paper is not None else [],
        "kind": DocumentKind(paper.kind).label if paper is not None else "",
        "tag": _state(paper, certificate, today) if paper is not None else None,
    }
    return render(
        request, "certificates/portal/checked.html", context, status=422 if error else 200
    )


def _state(paper: LegalDocument, certificate: Certificate | None, today: date) -> dict[str, str]:
    """A certificate's own state; of any other paper whether it is made."""
    if certificate is not None and paper.kind == DocumentKind.CERTIFICATE:
        return state_tag(certificate, today)
    if paper.status == DocumentStatus.READY:
        return {"label": "已签发", "tone": "success"}
    return {"label": "制作中", "tone": "paused"}
