"""A reason against publishing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` names the part, `message` what is wrong and what to do, in Chinese."""

    where: str
    message: str
