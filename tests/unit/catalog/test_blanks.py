"""Results that are printed on numbered blanks: what keeps such an item from being published."""

from __future__ import annotations

from tests.unit.catalog.demonstration import PACKAGES

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.publishing import problems
from yiwang.apps.catalog.domain.special import Blank

ITEM = PACKAGES["public-place-hygiene"]


def told(item: Definition) -> list[str]:
    return [p.message for p in problems(item) if p.where == "空白证照"]


def with_result(**changes: object) -> Definition:
    return ITEM.model_copy(update={"result": ITEM.result.model_copy(update=changes)})


def test_a_blank_is_optional_and_the_demonstration_has_some() -> None:
    printed = {code for code, item in PACKAGES.items() if item.result.blank is not None}
    assert {"public-place-hygiene", "entertainment-licence"} <= printed
    assert PACKAGES["elder-card"].result.blank is None
    assert told(ITEM) == []


def test_what_is_printed_is_not_signed_for_online() -> None:
    assert told(with_result(delivery=("ONLINE", "WINDOW")))
    assert not told(with_result(delivery=("ONLINE", "WINDOW"), blank=None))


def test_only_a_certificate_is_printed_on_a_blank() -> None:
    assert told(with_result(licence_type=None))
    assert ITEM.result.blank == Blank(code="public_place_hygiene", name=ITEM.result.blank.name)
