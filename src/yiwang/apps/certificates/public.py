"""The door of `certificates` for other apps."""

from yiwang.apps.certificates.ending import settle_renewal
from yiwang.apps.certificates.errors import CertificateError
from yiwang.apps.certificates.hooks import Hooks, Note, Remedy, use_hooks
from yiwang.apps.certificates.models import IN_FORCE, Certificate, CertificateStatus
from yiwang.apps.certificates.operations import issue, register_held
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
    "Finding",
    "Hooks",
    "Note",
    "Remedy",
    "certificate_of_case",
    "certificates_of",
    "held_certificates",
    "issue",
    "refer",
    "register_held",
    "settle_renewal",
    "use_hooks",
]
