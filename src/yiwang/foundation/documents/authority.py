"""A certificate authority for tests and demonstrations, kept as four files in one directory.

It vouches for nobody: a document signed with it says so. A deployment with a recognised
certificate replaces the files `signer.pem` and `signer.key`, and `ca.pem` by that certificate's
root.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CA_CERTIFICATE, CA_KEY = "ca.pem", "ca.key"
SIGNER_CERTIFICATE, SIGNER_KEY = "signer.pem", "signer.key"
FILES = (CA_CERTIFICATE, CA_KEY, SIGNER_CERTIFICATE, SIGNER_KEY)
# Loading and checking an RSA key takes 45 ms each time, three times a signature; this one 0.1 ms.
_CURVE = ec.SECP256R1
_YEARS_BACK, _YEARS_AHEAD = 10, 20


class SigningError(RuntimeError):
    """A document cannot be signed: no authority, or a time outside its validity."""


def make_test_authority(directory: Path, common_name: str, at: datetime) -> None:
    """Create CA and signer in `directory` (0700, files 0600), unless they are already there.

    Keys have no password. The certificates hold from ten years before the year of `at` to twenty
    after it, because a demonstration clock may stand before the day the authority was made. The
    four files appear together or not at all; of two processes at once one wins. Raises
    `SigningError` for a directory with other content or a part of the files, or a naive `at`.
    """
    if _is_complete(directory):
        return
    if at.tzinfo is None:
        raise SigningError("创建测试证书的时间应带时区")
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".authority-", dir=directory.parent))
    try:
        _write_authority(fresh, common_name, at.astimezone(UTC))
        fresh.rename(directory)
    except OSError as error:
        if not _is_complete(directory):
            raise SigningError(f"证书目录不完整或不可写：{directory.name}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _is_complete(directory: Path) -> bool:
    return all((directory / name).is_file() for name in FILES)


def _write_authority(directory: Path, common_name: str, at: datetime) -> None:
    ca_key = ec.generate_private_key(_CURVE())
    signer_key = ec.generate_private_key(_CURVE())
    ca_name = _name(f"{common_name} 测试根证书")
    ca = _builder(ca_name, ca_name, ca_key.public_key(), at)
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    ca = ca.add_extension(_usage(signs_certificates=True), critical=True)
    signer = _builder(_name(common_name), ca_name, signer_key.public_key(), at)
    signer = signer.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    signer = signer.add_extension(_usage(signs_certificates=False), critical=True)
    signer = signer.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
    )
    _write_certificate(directory / CA_CERTIFICATE, ca.sign(ca_key, hashes.SHA256()))
    _write_certificate(directory / SIGNER_CERTIFICATE, signer.sign(ca_key, hashes.SHA256()))
    _write_key(directory / CA_KEY, ca_key)
    _write_key(directory / SIGNER_KEY, signer_key)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "测试证书 不具法律效力"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(at.year - _YEARS_BACK, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(at.year + _YEARS_AHEAD, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_certificate(path: Path, certificate: x509.Certificate) -> None:
    _write_private(path, certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write_private(path, pem)


def _write_private(path: Path, content: bytes) -> None:
    """Never readable by others, not even for the moment between creation and chmod."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
