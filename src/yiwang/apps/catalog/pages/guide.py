"""The guide of one item: on the screen, on paper and as a PDF, all from the published version."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.catalog.hooks import guide_answers
from yiwang.apps.catalog.pages.guide_document import guide_document
from yiwang.apps.catalog.pages.guide_parts import Guide, guide_of
from yiwang.apps.catalog.pages.guide_situations import answers_of, as_pairs, choices
from yiwang.apps.catalog.public import CurrentVersion, current_version
from yiwang.foundation.documents import qr
from yiwang.foundation.documents.fonts import load_fonts
from yiwang.foundation.documents.render import render as render_document
from yiwang.foundation.environment import PROJECT_ROOT, environment
from yiwang.foundation.links import public_url
from yiwang.foundation.shell.access import public_page
from yiwang.kernel.moment import civil_date

FONTS = (PROJECT_ROOT / "build" / "assets" / "fonts",)


def _version(request: HttpRequest, code: str) -> CurrentVersion:
    found = current_version(code, today=civil_date(request.at))  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _guide(request: HttpRequest, code: str) -> Guide:
    version = _version(request, code)
    return guide_of(
        version,
        actor=request.actor,  # type: ignore[attr-defined]
        today=civil_date(request.at),  # type: ignore[attr-defined]
        answers=answers_of(version.definition, request.GET),
    )


def guide_address(version: CurrentVersion) -> str:
    """Where the QR code of a printed guide leads: the item, with the version that was printed."""
    return public_url(f"/items/{version.definition.code}/?v={version.number}")


@public_page
def guide(request: HttpRequest, code: str) -> HttpResponse:
    found = _guide(request, code)
    printed = request.GET.get("v", "")
    is_older = printed.isdigit() and len(printed) < 6 and int(printed) < found.version.number
    context = {
        "guide": found,
        "printed_version": printed if is_older else "",
        "choices": choices(found.item, found.answers),
        "asked": guide_answers(code),
        "situation": f"?{urlencode(as_pairs(found.answers))}" if found.answers else "",
    }
    return render(request, "catalog/portal/guide.html", context)


@public_page
def guide_print(request: HttpRequest, code: str) -> HttpResponse:
    found = _guide(request, code)
    context = {
        "guide": found,
        "is_print": True,
        "choices": choices(found.item, found.answers) if found.answers else [],
        "print_title": f"办事指南:{found.item.name}",
        "version": f"第 {found.version.number} 版",
        "printed_at": request.at,  # type: ignore[attr-defined]
        "organ": found.version.organ_name,
        "qr_url": f"/items/{code}/qr.svg",
        "qr_text": "扫码看最新版并网上办理",
    }
    return render(request, "catalog/portal/guide_print.html", context)


@public_page
def guide_qr(request: HttpRequest, code: str) -> HttpResponse:
    image = qr.svg(guide_address(_version(request, code)), title="办事指南网页")
    return HttpResponse(image, content_type="image/svg+xml")


@public_page
def guide_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The guide as PDF/A; one version is set once per process."""
    version = _version(request, code)
    response = HttpResponse(_pdf(version), content_type="application/pdf")
    name = f"{code}-v{version.number}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


_set: dict[int, bytes] = {}
MOST_SET = 64


def _pdf(version: CurrentVersion) -> bytes:
    """Kept by version id: a published version never changes."""
    if version.version_id not in _set:
        document = guide_document(
            version, url=guide_address(version), is_demo=environment().is_demo
        )
        if len(_set) >= MOST_SET:
            _set.clear()
        _set[version.version_id] = render_document(document, load_fonts(FONTS)).pdf
    return _set[version.version_id]
