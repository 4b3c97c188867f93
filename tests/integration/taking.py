"""Cases taken in at one hall for another, as the counter does it; halls and windows besides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.acting import PDF, actor, answers_for

from yiwang.apps.cases.models import Case, TakeIn
from yiwang.apps.cases.operations import desk
from yiwang.apps.catalog.public import current_version
from yiwang.apps.certificates.models import Certificate
from yiwang.apps.people.public import Hall, Party, Window
from yiwang.foundation.access import Actor
from yiwang.kernel.moment import civil_date

ESTATE = "real-estate-transfer"  # resident at the city's hall, not at the district's
TAKER, RIGHT = "chen-window", "he-window"  # 桃林区, 椰城市


def applicant() -> Party:
    return Party.objects.get(account__login="gulinaer")


def papers_of(item: str, at: datetime) -> list[str]:
    """Two materials that are brought on paper: nothing that the city holds of this person."""
    version = current_version(item, today=civil_date(at))
    assert version is not None
    held = {one.kind for one in Certificate.objects.filter(holder=applicant())}
    asked = version.definition.materials_for(answers_for(item))
    found = [m.code for m in asked if m.source != "FORM" and m.licence_kind not in held]
    return sorted(found[:2])


def begun(item: str, *, by: Actor, at: datetime, **more: Any) -> Any:
    version = current_version(item, today=civil_date(at))
    assert version is not None
    return desk.start_at_window(
        version=version, applicant=applicant(), filer=None, form={}, actor=by, at=at, **more
    )


def taken_in(
    item: str = ESTATE,
    *,
    at: datetime,
    by: Actor | None = None,
    paper: list[str] | None = None,
    **more: Any,
) -> Case:
    """A complete application at the district's counter: two papers in hand, the rest scanned."""
    clerk = by or actor(TAKER, at)
    draft = begun(item, by=clerk, at=at, **more)
    version = current_version(item, today=civil_date(at))
    assert version is not None
    in_hand = papers_of(item, at) if paper is None else paper
    files = {
        m.code: ("扫描.pdf", PDF)
        for m in version.definition.materials
        if m.source != "FORM" and m.code not in in_hand
    }
    return desk.take_in(
        draft_id=draft.pk, form=answers_for(item), paper=in_hand, files=files, actor=clerk, at=at
    )


def row_of(case: Case) -> TakeIn:
    return TakeIn.objects.get(case=case)


def hall(slug: str, area: str, *packages: list[str]) -> Hall:
    """Another hall with a window for each package."""
    made = Hall.objects.create(
        slug=slug, name=f"{slug}大厅", area_id=area, address="某路1号", hours="工作日"
    )
    for number, package in enumerate(packages, 1):
        Window.objects.create(hall=made, number=f"B{number:02}", name="综合窗口", package=package)
    return made


def moved_to(login: str, window: Window, at: datetime) -> Actor:
    """That clerk, sitting at another window."""
    from yiwang.apps.people.models import PostHolding

    holding = PostHolding.objects.select_related("post").get(account__login=login)
    post = holding.post
    post.window, post.area_id = window, window.hall.area_id
    post.save()
    return actor(login, at)
