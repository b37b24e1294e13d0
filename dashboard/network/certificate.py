"""Whether a certificate and its key are good for a name: its own, in time, and nobody else's."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from safeguards.files import is_reached_by_others
from safeguards.keys.key_files import find_credential

_REACHED = (
    "Take their rights away (chmod go-rwx), and have a new certificate issued: they may have the "
    "key."
)
#: Before a certificate ends, a person is told for so long.
NOTICE_PERIOD = timedelta(days=21)


def find_faults(
    certificate: Path, key: Path, host: str, now: datetime, environ: Mapping[str, str] = os.environ
) -> list[str]:
    """What keeps a server of this name from using them, each with what to do."""
    try:
        found = read_certificate(certificate)
    except OSError as error:
        return [f"{certificate} cannot be read: {error.strerror}. Name the certificate's file."]
    except ValueError:
        return [f"{certificate} holds no certificate as text. Ask whoever issued it for that."]
    faults = []
    if found.not_valid_after_utc <= now:
        ended = f"{found.not_valid_after_utc:%d/%m/%Y}"
        faults.append(f"{certificate} ended on {ended}. Renew it, and start the server again.")
    if found.not_valid_before_utc > now:
        begins = f"{found.not_valid_before_utc:%d/%m/%Y}"
        faults.append(f"{certificate} begins on {begins}. Look at this computer's clock.")
    names = list_names(found)
    if not any(_is_match(each, host) for each in names):
        theirs = ", ".join(names) or "no name"
        faults.append(f"{certificate} is for {theirs}, not for {host}. Have one issued for it.")
    return [*faults, *_find_key_faults(found, key, environ)]


def read_certificate(path: Path) -> x509.Certificate:
    """The first of a file, which is the server's own; OSError or ValueError if there is none."""
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def list_names(certificate: x509.Certificate) -> list[str]:
    """The names that it is for, as browsers read them: those of hosts, no common name."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [each.lower() for each in found.value.get_values_for_type(x509.DNSName)]


def _find_key_faults(
    certificate: x509.Certificate, path: Path, environ: Mapping[str, str]
) -> list[str]:
    try:
        if is_reached_by_others(path) and not _is_credential(path, environ):
            return [f"{path} can be reached by other users of this computer. {_REACHED}"]
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        return [f"{path} cannot be read: {error.strerror}. Name the key's file."]
    except TypeError:
        return [f"{path} has a passphrase, which nobody types here. Write it without one."]
    except ValueError:
        return [f"{path} holds no private key as text. Name the key's file."]
    if key.public_key() != certificate.public_key():
        return [f"{path} is not the key of the certificate. Name the one that was made with it."]
    return []


def _is_credential(path: Path, environ: Mapping[str, str]) -> bool:
    """Whether systemd handed it over: it may give the right to read as a group's."""
    return find_credential(path.name, environ) == path


def _is_match(pattern: str, host: str) -> bool:
    """Whether a name of a certificate is this host's; a star stands for one part of it."""
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:]
    return host == pattern
