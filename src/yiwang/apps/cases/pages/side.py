"""Two materials beside each other, or one and the form, or what it was before it was corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.cases.pages.materials import file_of, material_rows
from yiwang.apps.cases.pages.screen import DESK, READERS
from yiwang.apps.cases.pages.staff_fields import field, form_rows
from yiwang.apps.cases.pages.standing import offers
from yiwang.apps.cases.queries import WholeCase, whole_case
from yiwang.foundation.access import Actor
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_date
from yiwang.kernel.moment import civil_date

FORM = "form"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that can be looked at: the form, a material, or an earlier file of a material."""

    key: str
    label: str
    material: dict[str, Any] | None = None
    file: dict[str, Any] | None = None


@require_GET
@staff_page(*READERS)
def side(request: HttpRequest, case_id: int) -> HttpResponse:
    """`?left=` and `?right=` name what is looked at; every file shown is opened at its own
    address, where that is authorised and recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = whole_case(case_id, actor=actor)
    is_desk = any(o.action in DESK and not o.reason for o in offers(whole, actor))
    sources = sources_of(whole, actor)
    keys = [source.key for source in sources]
    left = _known(request.GET.get("left", ""), keys, keys[0])
    right = _known(request.GET.get("right", ""), keys, keys[1 % len(keys)])
    by_key = {source.key: source for source in sources}
    options = tuple((source.key, source.label) for source in sources)
    context = {
        "case": whole.case,
        "left": left,
        "right": right,
        "choosers": [
            field("left", "左边", kind="select", options=options, value=left),
            field("right", "右边", kind="select", options=options, value=right),
        ],
        "next_left": _address(_after(left, keys), right),
        "next_right": _address(left, _after(right, keys)),
        "panes": [_pane(by_key[key], whole, is_desk) for key in dict.fromkeys((left, right))],
        "is_desk": is_desk,
    }
    return render(request, "cases/staff/side.html", context)


def _known(key: str, keys: list[str], default: str) -> str:
    return key if key in keys else default


def _after(key: str, keys: list[str]) -> str:
    return keys[(keys.index(key) + 1) % len(keys)]


def _address(left: str, right: str) -> str:
    return f"?{urlencode({'left': left, 'right': right})}"


def sources_of(whole: WholeCase, actor: Actor) -> list[Source]:
    """Materials in their order, each followed by its earlier files; the form last. One statement
    for the record and one for earlier files, if there are any."""
    earlier = _earlier(whole)
    sources = []
    for material in material_rows(whole, actor, QueryDict(), {}, ""):
        row = material["row"]
        sources.append(Source(f"m-{row.code}", row.name, material, material))
        sources += [
            Source(f"v-{file.pk}", f"{row.name}(更正前,{_day(file)})", None, file_of(file))
            for file in earlier.get(row.code, ())
        ]
    return [*sources, Source(FORM, "申请表")]


def _day(file: Attachment) -> str:
    return str(cn_date(civil_date(file.uploaded_at)))


def _earlier(whole: WholeCase) -> dict[str, list[Attachment]]:
    """Material → files it had before, latest first: the record says which, in its own words."""
    now = {row.attachment_id for row in whole.materials}
    named: dict[str, list[UUID]] = {}
    for entry in reversed(whole.entries):
        for code, what in entry.facts.get("materials", {}).items():
            kind, _, key = str(what).partition(":")
            if kind == "file" and UUID(key) not in now:
                named.setdefault(code, []).append(UUID(key))
    wanted = {key for keys in named.values() for key in keys}
    if not wanted:
        return {}
    rows = Attachment.objects.filter(removed_at__isnull=True).select_related("file")
    found = rows.in_bulk(list(wanted))
    return {
        code: [found[key] for key in dict.fromkeys(keys) if key in found]
        for code, keys in named.items()
    }


def _pane(source: Source, whole: WholeCase, is_desk: bool) -> dict[str, Any]:
    """A file that is still to be checked is shown once it was opened to be checked: what is ticked
    belongs to what was opened."""
    material = source.material
    must_open = bool(is_desk and material and material["needs_check"] and not material["is_mine"])
    return {
        "source": source,
        "material": material,
        "file": None if must_open or source.file is None else source.file.get("file"),
        "is_image": bool(source.file and source.file.get("is_image")),
        "shown": source.file,
        "must_open": must_open,
        "sections": form_rows(whole.definition, whole.form, is_open=False)
        if source.key == FORM
        else [],
    }
