"""What stops a server of the school's network, and what is not safe yet about one.

It answers under one name: whether that is one, and leads to this computer, is asked here.
"""

import os
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from dashboard.network import certificate
from dashboard.network.site import Network
from safeguards.access import admission
from safeguards.access.people import People
from safeguards.access.settings import Settings
from safeguards.errors import SafeguardsError, ServeError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.doctor.safeguard_checks import Finding

_MADE_UP = (
    "Its children are made up, and nobody signs in to it: use lac demo or lac run. "
    "A school's own home is made by lac init."
)
_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII
)
_MOST_PORT = 65535


def find_obstacles(
    home: Home, network: Network, now: datetime, environ: Mapping[str, str] = os.environ
) -> list[str]:
    """Why a home is not served so, each with what to do; none if it may be."""
    if home.is_demo:
        return [_MADE_UP]
    found = []
    if network.proxy is not None and not _is_loopback(network.proxy):
        found.append(
            f"{network.proxy} is not this computer: between the proxy and lac nothing is "
            "encrypted. Run the proxy here: --behind 127.0.0.1"
        )
    if network.certificate is not None and network.key is not None:
        found += certificate.find_faults(
            network.certificate, network.key, network.host, now, environ
        )
    addresses = resolve(network.host)
    if not addresses:
        found.append(f"{network.host} has no address. Enter it in the school's name server.")
    elsewhere = [each for each in addresses if not _is_own(each)]
    if elsewhere:
        found.append(
            f"{network.host} leads to {', '.join(elsewhere)}, which is not this computer. Put "
            "that right in the school's name server, or serve from there."
        )
    return found


def is_name(text: str) -> bool:
    """Whether people may type this after https://: a host by name, with a port if need be."""
    host, colon, port = text.partition(":")
    is_port = port.isascii() and port.isdecimal() and 1 <= int(port) <= _MOST_PORT
    return _NAME.fullmatch(host) is not None and (not colon or is_port)


def resolve(host: str) -> list[str]:
    """The addresses of a host, as this computer finds them; none if there are none."""
    with suppress(OSError):
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return sorted({str(each[4][0]) for each in found})
    return []


def _is_own(address: str) -> bool:
    """Whether an address is one of this computer's."""
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET  # noqa: PLR2004
    with socket.socket(family) as probe, suppress(OSError):
        probe.bind((address, 0))
        return True
    return False


def _is_loopback(address: str) -> bool:
    """Whether an address is of this computer alone; False for a text that is none."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def run_checks(
    home: Home, network: Network, now: datetime, environ: Mapping[str, str] = os.environ
) -> tuple[Finding, ...]:
    """Each finding about a server of this home; what `lac doctor` finds is not among them."""
    obstacles = find_obstacles(home, network, now, environ)
    found = [Finding("server", "to do", each) for each in obstacles]
    if home.is_demo:
        return tuple(found)
    if not obstacles:
        way = "a proxy on this computer" if network.proxy else "its own certificate"
        words = f"https://{network.name} may be served, by {way}."
        found.append(Finding("server", "good", words))
        if network.certificate is not None:
            found.append(_check_end(network.certificate, now))
    if any(map(_is_loopback, resolve(network.host))):
        words = (
            f"This computer calls itself {network.host} (/etc/hosts), so it cannot see where the "
            "school's name server leads others. Try the address at a desk."
        )
        found.append(Finding("name", "cannot tell", words))
    return (*found, _check_people(home, environ), _check_user())


def _check_end(path: Path, now: datetime) -> Finding:
    end = certificate.read_certificate(path).not_valid_after_utc
    if end - now < certificate.NOTICE_PERIOD:
        return Finding("certificate", "to do", f"It ends on {end:%d/%m/%Y}. Renew it now.")
    return Finding("certificate", "good", f"It ends on {end:%d/%m/%Y}.")


def _check_people(home: Home, environ: Mapping[str, str]) -> Finding:
    try:
        keys = Keys.load(home, environ)
        people = [each.person for each in People.load(home, keys)]
        provider = Settings.load(home, keys).provider
        holders = admission.list_passphrase_holders(home, keys)
    except SafeguardsError as error:
        return Finding("people", "to do", str(error))
    without = [each for each in people if provider is None and each not in holders]
    if without:
        words = f"{len(without)} of {len(people)} on the list cannot sign in yet."
        return Finding("people", "to do", f"{words} For each: lac people passphrase")
    return Finding("people", "good", f"All {len(people)} on the list can sign in.")


def _check_user() -> Finding:
    if os.name == "posix" and os.getuid() == 0:
        words = "This runs as root. Give the server a user of its own: see docs/serve.md"
        return Finding("user", "to do", words)
    return Finding("user", "good", "It has the rights of its own user only.")


def require_servable(home: Home, network: Network, now: datetime) -> None:
    """ServeError with everything that stops a server, a line each."""
    if obstacles := find_obstacles(home, network, now):
        raise ServeError("\n".join(obstacles))
