"""零跑动 is what a definition proves, not what it says of itself."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.catalog.demonstration import PACKAGES

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.publishing import problems
from yiwang.apps.catalog.domain.vocabulary import ZeroVisitMode

CARD = PACKAGES["elder-card"]


def changed(**changes: Any) -> Definition:
    return CARD.model_copy(update=changes)


def told(item: Definition) -> list[str]:
    return [p.message for p in problems(item) if p.where == "零跑动"]


@pytest.mark.row("R009")
@pytest.mark.parametrize("mode", ZeroVisitMode)
def test_an_item_is_zero_visit_with_a_mode_no_visit_and_a_result_that_comes(
    mode: ZeroVisitMode,
) -> None:
    item = changed(zero_visit_modes=(mode,))
    assert item.is_zero_visit and told(item) == []
    assert not changed(zero_visit_modes=()).is_zero_visit


@pytest.mark.row("R009")
def test_what_is_missing_is_said() -> None:
    visited = changed(visits=1, visit_reason="要核对原件")
    assert not visited.is_zero_visit and "到现场次数是 1" in told(visited)[0]
    window_only = CARD.result.model_copy(update={"delivery": ("WINDOW",)})
    fetched = changed(result=window_only, zero_visit_modes=(ZeroVisitMode.SELF_SERVICE,))
    assert not fetched.is_zero_visit and "只能到窗口领" in told(fetched)[0]
    brought = changed(result=window_only, zero_visit_modes=(ZeroVisitMode.BROUGHT,))
    assert brought.is_zero_visit
    offline = changed(online=False)
    assert any("不能网上办" in message for message in told(offline))
