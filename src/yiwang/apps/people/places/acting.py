"""Adding, changing and closing a place; giving a window its items.

Nothing is deleted: a closed place keeps its history, gets no new cases and no new holders. Each act
is one entry of the place's own chain; a writer says which entry it last saw, so that two
administrators at once do not undo each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from yiwang.apps.people.administration import AdministrationError, reason_given, refuse
from yiwang.apps.people.domain.places import (
    PARTS,
    PlaceKind,
    as_kept,
    check_parts,
    level_of,
    parent_of,
)
from yiwang.apps.people.item_register import offered_items
from yiwang.apps.people.models import Area, Hall, Organ, Window
from yiwang.apps.people.permissions import MANAGE_ACCOUNTS
from yiwang.apps.people.places.closing import blockers_of
from yiwang.apps.people.signing_in import note
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append, head_of
from yiwang.kernel.identifiers import region
from yiwang.kernel.moment import civil_date

MODELS: dict[PlaceKind, type[Model]] = {
    PlaceKind.AREA: Area,
    PlaceKind.ORGAN: Organ,
    PlaceKind.HALL: Hall,
    PlaceKind.WINDOW: Window,
}
TAKEN = {"code": "这个区划代码已经登记。", "slug": "这个标识已有别的机构或大厅在用。"}


def subject_of(kind: PlaceKind, key: int | str) -> str:
    return f"{kind.value.lower()}:{key}"


@transaction.atomic
def add_place(
    *, kind: PlaceKind, typed: Mapping[str, str], reason: str, actor: Actor, at: datetime
) -> int | str:
    """Write a new place down; returns its key. Raises AdministrationError, AccessDeniedError."""
    actor.require(MANAGE_ACCOUNTS)
    problems = check_parts(kind, typed, is_new=True)
    said = reason_given(reason, problems)
    values: dict[str, Any] = {**as_kept(kind, typed)}
    _resolve(kind, values, typed, problems)
    refuse(problems)
    row = MODELS[kind].objects.create(**values)  # type: ignore[attr-defined]
    facts = {name: getattr(value, "pk", value) for name, value in values.items()}
    _note(kind, row.pk, "add", {**facts, "reason": said}, actor, at)
    return row.pk


def _resolve(
    kind: PlaceKind, values: dict[str, Any], typed: Mapping[str, str], problems: dict[str, str]
) -> None:
    """What depends on the other places: those above it, and what is taken already."""
    for name in ("code", "slug", "uscc", "document_word"):
        if name in values and name not in problems:
            _free(kind, name, values, problems)
    if kind is PlaceKind.AREA and "code" not in problems:
        _under(values, typed, problems)
    if "area" in values and "area" not in problems:
        values["area"] = Area.objects.filter(pk=values["area"], valid_until__isnull=True).first()
        if values["area"] is None:
            problems["area"] = "没有这个区域,或者已经撤销。请填写已登记区域的十二位代码。"
    if kind is PlaceKind.WINDOW and not problems:
        values["hall"] = Hall.objects.filter(slug=values["hall"], valid_until__isnull=True).first()
        if values["hall"] is None:
            problems["hall"] = "没有这个大厅,或者已经关闭。"
        elif Window.objects.filter(hall=values["hall"], number=values["number"]).exists():
            problems["number"] = "这个大厅已有这个窗口号(关闭的也算)。"


def _free(kind: PlaceKind, name: str, values: dict[str, Any], problems: dict[str, str]) -> None:
    if name == "uscc":
        values[name] = values[name].upper()
    found = MODELS[kind].objects.filter(**{name: values[name]}).first()  # type: ignore[attr-defined]
    if found is not None:
        problems[name] = TAKEN.get(name, f"「{found}」已经用了这一个,每个机构的要不同。")


def _under(values: dict[str, Any], typed: Mapping[str, str], problems: dict[str, str]) -> None:
    code = values["code"]
    possible = [one.ljust(12, "0") for one in region.possible_ancestors(code)]
    rows = {row.pk: row for row in Area.objects.filter(pk__in=possible, valid_until__isnull=True)}
    above = parent_of(code, rows)
    if above is None and Area.objects.exists():
        problems["code"] = "没有找到它的上级区域(已登记、没有撤销的),请先登记上级。"
    values |= {
        "level": level_of(code).value,
        "parent": rows.get(above) if above else None,
        "is_zone": typed.get("is_zone") == "1",
    }


def _locked(kind: PlaceKind, key: int | str, seen: int) -> Any:
    """The open place, locked, as the caller saw it. Raises AdministrationError."""
    rows = MODELS[kind].objects.select_for_update(of=("self",))  # type: ignore[attr-defined]
    row = rows.filter(pk=key).first()
    if row is None:
        raise AdministrationError(f"没有找到这个{kind.label}。")
    if row.valid_until is not None:
        raise AdministrationError(f"这个{kind.label}已经撤销,不能再改。")
    if head_of(subject_of(kind, key)).seq != seen:
        raise AdministrationError("刚才有人改过这里,请打开最新的再改。")
    return row


@transaction.atomic
def change_place(
    *,
    kind: PlaceKind,
    key: int | str,
    typed: Mapping[str, str],
    reason: str,
    seen: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Change the parts that are not fixed. `seen` is the last entry of its chain the caller saw.
    Raises AdministrationError, AccessDeniedError."""
    actor.require(MANAGE_ACCOUNTS)
    problems = check_parts(kind, typed, is_new=False)
    said = reason_given(reason, problems)
    refuse(problems)
    row = _locked(kind, key, seen)
    kept = as_kept(kind, typed)
    now = {p.name: kept[p.name] for p in PARTS[kind] if not p.is_fixed}
    changed = {name: text for name, text in now.items() if getattr(row, name) != text}
    if not changed:
        raise AdministrationError("没有改动:写的和现在的一样。")
    before = {name: getattr(row, name) for name in changed}
    for name, text in changed.items():
        setattr(row, name, text)
    row.save(update_fields=list(changed))
    _note(kind, key, "change", {"before": before, "after": changed, "reason": said}, actor, at)


@transaction.atomic
def close_place(
    *, kind: PlaceKind, key: int | str, reason: str, seen: int, actor: Actor, at: datetime
) -> None:
    """Close a place from now on, once nothing hangs on it any longer.

    Raises AdministrationError with what is still open, AccessDeniedError.
    """
    actor.require(MANAGE_ACCOUNTS)
    problems: dict[str, str] = {}
    said = reason_given(reason, problems)
    refuse(problems)
    row, today = _locked(kind, key, seen), civil_date(at)
    if open_things := [b for b in blockers_of(kind, key, today=today) if b.blocks]:
        raise AdministrationError(
            f"还不能撤销:有 {len(open_things)} 项没有了结,先办完、移交或收回。"
            f"第一项:{open_things[0].what}。"
        )
    row.valid_until = today
    row.save(update_fields=["valid_until"])
    _note(kind, key, "close", {"valid_until": str(today), "reason": said}, actor, at)


@transaction.atomic
def set_package(
    *, key: int, items: Sequence[str], reason: str, seen: int, actor: Actor, at: datetime
) -> None:
    """Which items a window takes in. It changes what its clerks may do: from their next request
    on, told on their posts' pages and in the security log.

    Raises AdministrationError, AccessDeniedError.
    """
    actor.require(MANAGE_ACCOUNTS)
    problems: dict[str, str] = {}
    said = reason_given(reason, problems)
    refuse(problems)
    row = _locked(PlaceKind.WINDOW, key, seen)
    known = {*offered_items(civil_date(at)), *row.package}
    if unknown := sorted(set(items) - known):
        raise AdministrationError(
            "有内容需要修改。", {"items": f"没有这个事项:{unknown[0][:60]}。"}
        )
    wanted, held = sorted(set(items)), set(row.package)
    facts = {"added": sorted(set(wanted) - held), "taken": sorted(held - set(wanted))}
    if not facts["added"] and not facts["taken"]:
        raise AdministrationError("没有改动:选的和现在的一样。")
    row.package = wanted
    row.save(update_fields=["package"])
    _note(PlaceKind.WINDOW, key, "set_package", {**facts, "reason": said}, actor, at)
    number = f"加 {len(facts['added'])} 项、减 {len(facts['taken'])} 项"
    detail = f"窗口 {row} 的事项包:{number},由 {actor.label} 办理"
    note("PACKAGE_CHANGED", account="", at=at, address=None, detail=detail[:200])


def _note(
    kind: PlaceKind, key: int | str, verb: str, facts: dict[str, Any], actor: Actor, at: datetime
) -> None:
    operation = f"people.{verb}" if verb == "set_package" else f"people.{verb}_{kind.value.lower()}"
    append(subject=subject_of(kind, key), operation=operation, actor=actor.ref, at=at, facts=facts)
