"""A random sample that anybody can draw again: the same seed and the same list, the same sample."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def drawn(population: Iterable[int], *, size: int, seed: str) -> list[int]:
    """Up to `size` ids, those with the smallest SHA-256 of "seed:id"; in ascending order of id."""
    ordered = sorted(population, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    return sorted(ordered[:size])
