"""What people publishes: ids only, past tense."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class PersonalDataUnmasked:
    party_id: int
    disclosure_id: int

    @property
    def subject(self) -> str:
        return f"party:{self.party_id}"


@dataclass(frozen=True, slots=True)
class _OfAuthorisation:
    authorisation_id: int

    @property
    def subject(self) -> str:
        return f"authorisation:{self.authorisation_id}"


@event
@dataclass(frozen=True, slots=True)
class AuthorisationConfirmed(_OfAuthorisation):
    pass


@event
@dataclass(frozen=True, slots=True)
class AuthorisationEnded(_OfAuthorisation):
    pass


@event
@dataclass(frozen=True, slots=True)
class AuthorisationUsed(_OfAuthorisation):
    use_id: int


@event
@dataclass(frozen=True, slots=True)
class GuardianshipDecided:
    guardianship_id: int

    @property
    def subject(self) -> str:
        return f"guardianship:{self.guardianship_id}"


@event
@dataclass(frozen=True, slots=True)
class DishonestyTold:
    """An entry holds, or was repaired: the party is told."""

    listing_id: int

    @property
    def subject(self) -> str:
        return f"dishonesty:{self.listing_id}"


@event
@dataclass(frozen=True, slots=True)
class AbsenceRegistered:
    """Somebody on the staff will be away."""

    account_id: int
    absence_id: int

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


@event
@dataclass(frozen=True, slots=True)
class RepresentativeChanged:
    """`new_id` is the new representation; `old_id` the one that ended, None for the first."""

    organisation_id: int
    new_id: int
    old_id: int | None

    @property
    def subject(self) -> str:
        return f"party:{self.organisation_id}"
