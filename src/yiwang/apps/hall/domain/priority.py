"""What a use of the green channel must show, and which uses are marked."""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """A priority claimed: `channel` is the window's own code of it (绿色通道), `ground` what the
    person says, `evidence` what was seen or is registered."""

    channel: str
    ground: str
    evidence: str


def is_without_ground(claim: Claim) -> bool:
    """Claimed, and neither a ground was said nor evidence seen: such a use needs a reason."""
    if not claim.channel:
        return False
    return len(claim.ground.strip()) < SHORTEST or len(claim.evidence.strip()) < SHORTEST
