"""Editing a draft in plain fields, one page of the definition at a time; a new item."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.catalog import permissions
from yiwang.apps.catalog.drafting import Change, PartError, begin_draft, change_draft
from yiwang.apps.catalog.models import ItemVersion, VersionStatus
from yiwang.apps.catalog.operations import CatalogError, as_json
from yiwang.apps.catalog.plain.drawing import Drawing, title_of
from yiwang.apps.catalog.plain.outline import BY_KEY, PAGES, Page, fields_of
from yiwang.apps.catalog.plain.reading import Reading, give_codes
from yiwang.apps.catalog.plain.shapes import Asked
from yiwang.apps.catalog.queries import definition_of
from yiwang.apps.catalog.wording import word_at
from yiwang.foundation.shell.access import staff_page

NEW = "new"


@staff_page(permissions.EDIT)
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """To the item's draft; where there is none it begins as what is published."""
    try:
        row = begin_draft(
            code=code,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except CatalogError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(f"/catalog/{quote(code)}/", status=303)
    return HttpResponseRedirect(f"/catalog/versions/{row.pk}/", status=303)


@staff_page(permissions.EDIT)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, version_id: int, part: str) -> HttpResponse:
    """One page of a draft: shown, kept, shown again with what was typed and what to mend."""
    page = BY_KEY.get(part)
    version = (
        ItemVersion.objects.select_related("item").defer("definition").filter(pk=version_id).first()
    )
    if page is None or version is None:
        raise Http404
    whole = as_json(definition_of(version.pk))
    if version.status != VersionStatus.DRAFT:
        return HttpResponseRedirect(f"/catalog/versions/{version.pk}/", status=303)
    if page.is_by_one and (chosen := request.GET.get("item", "")):
        return _one(request, version, page, whole, chosen)
    return _whole(request, version, page, whole)


def _whole(
    request: HttpRequest, version: ItemVersion, page: Page, whole: dict[str, Any]
) -> HttpResponse:
    """All fields of the page; a list that is edited one by one as links."""
    asked = [one for one in fields_of(page) if not (page.is_by_one and one.key == page.fields[0])]
    listed = whole[page.fields[0]] if page.is_by_one else None
    if request.method != "POST":
        return _page(request, version, page, {"rows": Drawing(whole, {}).rows(asked, whole, "")},
                     listed=listed)  # fmt: skip
    reading = Reading(request.POST)
    values = {one.key: reading.value(one, one.key) for one in asked}
    errors, message = _keep(request, version, values, reading)
    if not message:
        return _done(request, version, page)
    rows = Drawing(whole | values, errors).rows(asked, values, "")
    return _page(request, version, page, {"rows": rows}, errors, message, listed=listed)


def _one(
    request: HttpRequest, version: ItemVersion, page: Page, whole: dict[str, Any], chosen: str
) -> HttpResponse:
    """One part of a list; `chosen` is its code, or `new`."""
    key = page.fields[0]
    one = next(asked for asked in fields_of(page) if asked.key == key)
    parts: list[dict[str, Any]] = whole[key]
    place = next((n for n, part in enumerate(parts) if part["code"] == chosen), len(parts))
    if place == len(parts) and chosen != NEW:
        raise Http404
    name = f"{key}.{place}"
    back = f"/catalog/versions/{version.pk}/edit/{page.key}/"
    if request.method != "POST":
        group = _group(Drawing(whole, {}), one, parts, place, chosen != NEW)
        return _page(request, version, page, group, back=back)
    reading = Reading(request.POST)
    typed = reading.part(one.inside, name)
    changed = [*parts[:place], typed, *parts[place + 1 :]]
    is_dropped = f"{name}.drop" in request.POST
    if is_dropped:
        changed = [*parts[:place], *parts[place + 1 :]]
    give_codes(key, changed)
    kept = changed if is_dropped else _moved(changed, place, request.POST.get(f"{name}.order"))
    errors, message = _keep(request, version, {key: kept}, reading)
    if not message:
        return _done(request, version, page)
    moved = next((n for n, part in enumerate(kept) if part is typed), place)
    errors = {
        where.replace(f"{key}.{moved}.", f"{name}.", 1) if where.startswith(f"{key}.{moved}.")
        else where: text
        for where, text in errors.items()
    }  # fmt: skip
    group = _group(Drawing(whole, errors), one, changed, place, chosen != NEW)
    return _page(request, version, page, group, errors, message, back=back)


def _group(
    drawing: Drawing, one: Asked, parts: list[dict[str, Any]], place: int, is_kept: bool
) -> dict[str, Any]:
    """The fields of one part of a list, as they stand in the list; one that is kept can be moved
    and taken away."""
    drawn = drawing.rows([one], {one.key: parts}, "")[0]["group"]
    group = dict(drawn["rows"][place]["group"])
    return group if is_kept else {**group, "drop": None, "order": None}


def _moved(parts: list[dict[str, Any]], place: int, order: str | None) -> list[dict[str, Any]]:
    """The part at `place` where its order says; without one it stays."""
    if not order or not (order.isascii() and order.isdigit() and len(order) < 4):
        return parts
    rest = [*parts[:place], *parts[place + 1 :]]
    to = min(max(int(order) - 1, 0), len(rest))
    return [*rest[:to], parts[place], *rest[to:]]


def _keep(
    request: HttpRequest, version: ItemVersion, values: dict[str, Any], reading: Reading
) -> tuple[dict[str, str], str]:
    """What is to be mended by field, and why nothing was kept ("" where it was)."""
    if reading.wrong:
        return reading.wrong, f"有 {len(reading.wrong)} 处需要改。"
    try:
        change_draft(
            version_id=version.pk,
            change=Change(values, request.POST.get("digest", "")),
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except PartError as error:
        return error.fields, error.message
    except CatalogError as error:
        return {}, error.message
    return {}, ""


def _done(request: HttpRequest, version: ItemVersion, page: Page) -> HttpResponse:
    messages.success(request, f"「{page.label}」已保存在草稿里。")
    address = f"/catalog/versions/{version.pk}/"
    return HttpResponseRedirect(
        f"{address}edit/{page.key}/" if page.is_by_one else address, status=303
    )


def _page(
    request: HttpRequest,
    version: ItemVersion,
    page: Page,
    group: dict[str, Any],
    errors: dict[str, str] | None = None,
    message: str = "",
    *,
    listed: list[dict[str, Any]] | None = None,
    back: str = "",
) -> HttpResponse:
    found = errors or {}
    summary = [
        {"text": f"{word_at(name)}:{text}", "url": f"#id_{name}"} for name, text in found.items()
    ]
    for row in group["rows"]:
        if row.get("group", {}).get("legend") == page.label:
            row["group"]["is_titled"] = True
    context = {
        "version": version,
        "page": page,
        "group": group,
        "digest": request.POST.get("digest") or version.digest,
        "errors": summary or ([{"text": message}] if message else []),
        "listed": None
        if listed is None
        else [(title_of(part, n), part["code"]) for n, part in enumerate(listed)],
        "has_fields": bool(group["rows"]),
        "back": back or f"/catalog/versions/{version.pk}/",
    }
    return render(request, "catalog/staff/part.html", context, status=422 if message else 200)


def outline_of(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page with how much stands in it, for the draft's own page."""
    return [
        {"page": page, "size": _size(page, whole), "is_empty": _is_empty(page, whole)}
        for page in PAGES
    ]


def _size(page: Page, whole: dict[str, Any]) -> str:
    lists = [whole[key] for key in page.fields if isinstance(whole.get(key), list)]
    is_plain = len(page.fields) == 1 and lists
    return f"{len(lists[0])} 项" if is_plain and lists[0] else ""


def _is_empty(page: Page, whole: dict[str, Any]) -> bool:
    return all(whole.get(key) in (None, [], "", {}) for key in page.fields)
