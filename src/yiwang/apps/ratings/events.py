"""What ratings publish."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class ServiceRated:
    """A service was rated; who did it is in no event."""

    invitation_id: int
    is_bad: bool

    @property
    def subject(self) -> str:
        return f"rating_invitation:{self.invitation_id}"


@dataclass(frozen=True, slots=True)
class _OfBadRating:
    bad_rating_id: int

    @property
    def subject(self) -> str:
        return f"bad_rating:{self.bad_rating_id}"


@event
@dataclass(frozen=True, slots=True)
class BadRatingMoved(_OfBadRating):
    """`state` is the one it is in now."""

    state: str


@event
@dataclass(frozen=True, slots=True)
class RemediationOverdue(_OfBadRating):
    """A call-back or a remediation is over its limit; `task` says which."""

    organ_id: int
    task: str
