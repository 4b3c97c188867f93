"""What certificates publish."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@dataclass(frozen=True, slots=True)
class _OfCertificate:
    certificate_id: int

    @property
    def subject(self) -> str:
        return f"certificate:{self.certificate_id}"


@event
@dataclass(frozen=True, slots=True)
class CertificateChanged(_OfCertificate):
    """It came into another state. `change_id` is the row that tells why."""

    status: str
    change_id: int


@event
@dataclass(frozen=True, slots=True)
class CertificateRevoked(_OfCertificate):
    """撤销: the decision it rests on counts no longer. `of` is the case it came from."""

    change_id: int
    of: str


@event
@dataclass(frozen=True, slots=True)
class CertificateReissued(_OfCertificate):
    """`certificate_id` is the lost one, `new_id` the one that stands for it."""

    new_id: int


@event
@dataclass(frozen=True, slots=True)
class RevocationNotified(_OfCertificate):
    proposal_id: int


@event
@dataclass(frozen=True, slots=True)
class RevocationDropped(_OfCertificate):
    proposal_id: int


@event
@dataclass(frozen=True, slots=True)
class SourceRestored:
    """A source of certificates answers again."""

    outage_id: int

    @property
    def subject(self) -> str:
        return f"source_outage:{self.outage_id}"


@event
@dataclass(frozen=True, slots=True)
class CertificateStored:
    """制证完成、已入库: only now may the result be collected. `of` is the case it came from,
    whose events it keeps its order with."""

    making_id: int
    of: str

    @property
    def subject(self) -> str:
        return self.of
