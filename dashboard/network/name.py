"""The one name under which a server answers: whether it is one, and leads to this computer."""

import re
import socket
from contextlib import suppress
from ipaddress import ip_address

_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII
)
_MOST_PORT = 65535


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


def is_own(address: str) -> bool:
    """Whether an address is one of this computer's."""
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET  # noqa: PLR2004
    with socket.socket(family) as probe, suppress(OSError):
        probe.bind((address, 0))
        return True
    return False


def is_loopback(address: str) -> bool:
    """Whether an address is of this computer alone; False for a text that is none."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
