"""The door of `certificates` for other apps."""

from yiwang.apps.certificates.models import Certificate, CertificateStatus
from yiwang.apps.certificates.operations import issue, register_held
from yiwang.apps.certificates.permissions import CHECK
from yiwang.apps.certificates.queries import certificates_of, held_certificates

__all__ = [
    "CHECK",
    "Certificate",
    "CertificateStatus",
    "certificates_of",
    "held_certificates",
    "issue",
    "register_held",
]
