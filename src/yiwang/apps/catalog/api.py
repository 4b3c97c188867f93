"""The catalogue for everybody: the items in force, and one item's definition whole."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field, StringConstraints

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.queries import (
    CurrentVersion,
    current_version,
    current_versions,
    search_items,
)
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import NO_NUL, Cursor, PageSize, Slug
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint
from yiwang.foundation.api.problem import ProblemError
from yiwang.foundation.lists import BadCursorError, decode_cursor, encode_cursor
from yiwang.kernel.moment import civil_date

router = Router(tags=["事项目录"])
Question = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_NUL)]


class ItemBrief(BaseModel):
    """One item in force."""

    code: str
    name: str
    summary: str
    organ: str
    implementation_code: str
    audiences: list[str]
    topics: list[str]
    promised: str
    statutory: str | None
    visits: int
    online: bool
    version: int
    effective_on: date


class ItemPage(BaseModel):
    items: list[ItemBrief]
    next_cursor: str | None


class PublicDefinition(Definition):
    """A definition without the table of automatic approval, which is for the approver."""

    instant_rules: dict[str, Any] | None = Field(default=None, exclude=True)


class ItemWhole(BaseModel):
    """The version in force with its definition: guide, form (JSON Schema), materials, limits."""

    code: str
    version: int
    effective_on: date
    implementation_code: str
    organ: str
    definition: PublicDefinition


def _brief(found: CurrentVersion) -> ItemBrief:
    definition = found.definition
    statutory = definition.limits.statutory
    return ItemBrief(
        code=definition.code,
        name=definition.name,
        summary=definition.summary,
        organ=found.organ_name,
        implementation_code=found.implementation_code,
        audiences=[audience.value for audience in definition.audiences],
        topics=list(definition.topics),
        promised=definition.limits.promised.limit,
        statutory=statutory.limit if statutory else None,
        visits=definition.visits,
        online=definition.online,
        version=found.number,
        effective_on=found.effective_on,
    )


@endpoint(router, "GET", "/items", answers=ItemPage, summary="事项清单", is_public=True)
def list_items(request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE) -> ItemPage:
    """Items in force by name."""
    _, at = caller(request)
    found = current_versions(today=civil_date(at))
    key = decode_cursor(after, 2) if after else None
    if key is not None and any(not isinstance(part, str) for part in key):
        raise BadCursorError("页码参数无效,请从第一页重新打开。")
    rest = [v for v in found if key is None or [v.definition.name, v.definition.code] > key]
    page = rest[:size]
    last = page[-1].definition if len(rest) > size else None
    return ItemPage(
        items=[_brief(version) for version in page],
        next_cursor=encode_cursor([last.name, last.code]) if last else None,
    )


@endpoint(
    router,
    "GET",
    "/items/search",
    answers=list[ItemBrief],
    summary="搜索事项",
    is_public=True,
    also=(429,),
)
def find_items(request: HttpRequest, q: Query[Question]) -> list[ItemBrief]:
    """The best twenty; everyday wording is found by alias."""
    _, at = caller(request)
    return [_brief(version) for version in search_items(q, today=civil_date(at))]


@endpoint(
    router,
    "GET",
    "/items/{code}",
    answers=ItemWhole,
    summary="事项的现行定义",
    is_public=True,
    also=(404,),
    by_alias=True,
)
def read_item(request: HttpRequest, code: Slug) -> ItemWhole:
    """The one definition that guide, form, checks, route and clocks are computed from."""
    _, at = caller(request)
    found = current_version(code, today=civil_date(at))
    if found is None:
        raise ProblemError("not-found", "没有这个事项,或它现在没有生效的版本。请从事项清单里找。")
    shown = found.definition.model_dump(by_alias=True, exclude={"instant_rules"})
    return ItemWhole(
        code=code,
        version=found.number,
        effective_on=found.effective_on,
        implementation_code=found.implementation_code,
        organ=found.organ_name,
        definition=PublicDefinition.model_validate(shown),
    )
