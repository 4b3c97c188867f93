"""The tables of certificates: what is issued, and how it is made and handed out."""

from yiwang.apps.certificates.models.certificate import (
    IN_FORCE,
    Certificate,
    CertificateStatus,
    ProposalState,
    RevocationProposal,
    StateChange,
    certificate_status_choices,
    proposal_state_choices,
)
from yiwang.apps.certificates.models.making import (
    Blank,
    BlankBatch,
    BlankStock,
    BlankWaste,
    IssueEntry,
    Making,
    blank_state_choices,
    making_state_choices,
    means_choices,
)
from yiwang.apps.certificates.models.outage import SourceOutage

__all__ = [
    "IN_FORCE",
    "Blank",
    "BlankBatch",
    "BlankStock",
    "BlankWaste",
    "Certificate",
    "CertificateStatus",
    "IssueEntry",
    "Making",
    "ProposalState",
    "RevocationProposal",
    "SourceOutage",
    "StateChange",
    "blank_state_choices",
    "certificate_status_choices",
    "making_state_choices",
    "means_choices",
    "proposal_state_choices",
]
