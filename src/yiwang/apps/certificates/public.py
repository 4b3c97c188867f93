"""The door of `certificates` for other apps."""

from yiwang.apps.certificates.domain.making import Means
from yiwang.apps.certificates.ending import settle_renewal
from yiwang.apps.certificates.errors import CertificateError
from yiwang.apps.certificates.hooks import (
    Hooks,
    Note,
    Remedy,
    blank_kinds_from,
    licence_kinds_from,
    use_hooks,
)
from yiwang.apps.certificates.making.handing import (
    Collected,
    drop_making,
    hand_over,
    is_stored,
    order_making,
    retime_making,
    unmade,
)
from yiwang.apps.certificates.models import IN_FORCE, Certificate, CertificateStatus, SourceOutage
from yiwang.apps.certificates.operations import issue, register_held
from yiwang.apps.certificates.outages import unanswered
from yiwang.apps.certificates.permissions import CHECK
from yiwang.apps.certificates.queries import (
    certificate_of_case,
    certificates_of,
    held_certificates,
)
from yiwang.apps.certificates.revoking import Finding, refer

__all__ = [
    "CHECK",
    "IN_FORCE",
    "Certificate",
    "CertificateError",
    "CertificateStatus",
    "Collected",
    "Finding",
    "Hooks",
    "Means",
    "Note",
    "Remedy",
    "SourceOutage",
    "blank_kinds_from",
    "certificate_of_case",
    "certificates_of",
    "drop_making",
    "hand_over",
    "held_certificates",
    "is_stored",
    "issue",
    "licence_kinds_from",
    "order_making",
    "refer",
    "register_held",
    "retime_making",
    "settle_renewal",
    "unanswered",
    "unmade",
    "use_hooks",
]
