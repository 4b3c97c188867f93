"""What the bench's clients work on: drafts to hand in, cases in every state, cursors."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from yiwang.apps.cases.models import Case, ReviewStep
from yiwang.apps.cases.queries import TO_ACCEPT
from yiwang.foundation.clockwork import now
from yiwang.foundation.lists import encode_cursor
from yiwang.site.measuring.bulk import clone_cases
from yiwang.site.measuring.templates import make_templates

DRAFTS = 12_000


def stock(cases: int) -> dict[str, Any]:
    """Load `cases` cases and `DRAFTS` drafts; ids per kind of work."""
    made = make_templates(at=now())
    groups = [made.ready_to_accept, made.in_review, made.ready_to_decide, made.completed]
    shares = (0.4, 0.25, 0.15, 0.2)
    entries = 0
    found: dict[str, Any] = {}
    for name, template, share in zip(
        ("received", "whole", "reviewed", "completed"), groups, shares, strict=True
    ):
        first = Case.objects.order_by("-id").values_list("id", flat=True)[0] + 1
        entries += clone_cases([template], int(cases * share))
        found[name] = list(range(first, first + int(cases * share)))
    found |= {
        "entries": entries,
        "bodies": {
            "received": json.dumps({"version": made.ready_to_accept.version}),
            "reviewed": json.dumps({"version": made.ready_to_decide.version}),
        },
        "drafts": clone_drafts(made.draft_id, DRAFTS),
        "words": ["餐饮", "老年人优待证", "许可", "不动产", "医疗器械"],
        "limits": ["5wd", "20wd", "60d", "3mon"],
        "empty": [""],
    }
    found |= _cursors()
    _settle()
    return found


def _settle() -> None:
    """What autovacuum and the checkpointer would do during the first minutes after such a load.

    A city's database took in its cases over months; without this the figures measure the load.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def clone_drafts(template: str, number: int) -> list[str]:
    """Copies of one complete draft, by their ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_draft WHERE FALSE")
        names = [column.name for column in cursor.description if column.name != "id"]
        kept = ", ".join(names)
        cursor.execute(
            f"INSERT INTO cases_draft (id, {kept}) SELECT gen_random_uuid(), {kept} "
            "FROM cases_draft, generate_series(1, %s) WHERE id = %s RETURNING id",
            [number, template],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _cursors() -> dict[str, list[str]]:
    """First pages and thousandth pages of 20 and of 100 (or the last there is)."""
    found = {"first20": ["size=20"], "first100": ["size=100"]}
    order = [name for name, _ in TO_ACCEPT.order]  # the list's own, or its cursor is refused
    received = Case.objects.filter(state="RECEIVED").order_by(*order)
    total = received.count()
    for size in (20, 100):
        place = min(size * 1000, max(total - size, 0))
        row = received.values_list(*order)[place]
        found[f"deep{size}"] = [f"size={size}&after={encode_cursor(row)}"]
    assert ReviewStep.objects.exists()
    return found
