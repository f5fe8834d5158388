"""TLS: the certificate given, or one made at start for development; nothing is committed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.internet import ssl

from gateway.service.errors import Fault

DAYS = 30


_ssl: Any = ssl  # Twisted leaves these calls untyped


def server_options(certificate: Path | None, key: Path | None, now: float) -> Any:
    """Options of a listener: of the PEM files given, else of a certificate made now for
    `localhost` and 127.0.0.1, good for a month. Raises Fault."""
    if certificate is None or key is None:
        return _ssl.PrivateCertificate.loadPEM(self_signed(now)).options()
    try:
        pem = key.read_bytes() + b"\n" + certificate.read_bytes()
        return _ssl.PrivateCertificate.loadPEM(pem).options()
    except OSError as fault:
        raise Fault(f"{fault.filename}: {fault.strerror}") from None
    except Exception:
        raise Fault(f"{certificate}, {key}: no PEM certificate and its key") from None


def authority(path: Path | None) -> Any:
    """What a peer's certificate is checked against: the file's authority or the platform's."""
    if path is None:
        return _ssl.platformTrust()
    try:
        return _ssl.Certificate.loadPEM(path.read_bytes())
    except OSError as fault:
        raise Fault(f"{path}: {fault.strerror}") from None
    except Exception:
        raise Fault(f"{path}: no PEM certificate") from None


def self_signed(now: float) -> bytes:
    """A self-signed EC P-256 certificate and its key, PEM, joined."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    at = datetime.fromtimestamp(now, UTC)
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=DAYS))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem + certificate.public_bytes(serialization.Encoding.PEM)
