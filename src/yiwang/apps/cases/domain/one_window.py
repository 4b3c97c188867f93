"""一窗受理: what counts as accepted at one window, and how the share is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.kernel.shares import rate

LEAST_ORGANS = 2


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted case of a period: at which hall, by which window (None: by none, as when the
    silence of the law accepted it), of which organ's item."""

    hall_id: int
    window_id: int | None
    organ_id: int


@dataclass(frozen=True, slots=True)
class Share:
    """Of `accepted` cases, `at_one_window` were accepted by a window that in the same period
    accepted items of at least two organs."""

    accepted: int = 0
    at_one_window: int = 0

    @property
    def rate(self) -> str:
        """Percent with one decimal, half up; 无 where nothing was accepted."""
        return rate(self.at_one_window, self.accepted, none="无")

    @property
    def is_none(self) -> bool:
        """True where not one case was really accepted at one window: what R076 lists first."""
        return self.at_one_window == 0


def real_windows(cases: Iterable[Accepted]) -> frozenset[int]:
    """The windows that accepted items of at least two organs: a sign on the wall is not enough."""
    organs: dict[int, set[int]] = {}
    for case in cases:
        if case.window_id is not None:
            organs.setdefault(case.window_id, set()).add(case.organ_id)
    return frozenset(key for key, found in organs.items() if len(found) >= LEAST_ORGANS)


def shares(cases: list[Accepted]) -> dict[int, Share]:
    """Hall → its share, reckoned case by case: what the statement of `one_window` must equal."""
    real = real_windows(cases)
    found: dict[int, Share] = {}
    for case in cases:
        so_far = found.get(case.hall_id, Share())
        found[case.hall_id] = Share(
            so_far.accepted + 1, so_far.at_one_window + (case.window_id in real)
        )
    return found
