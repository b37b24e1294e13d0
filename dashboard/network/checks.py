"""What stops a server of the school's network, and what is not safe yet about one."""

import os
import re
from collections.abc import Mapping

from safeguards.access import admission
from safeguards.access.people import People
from safeguards.access.settings import Settings
from safeguards.errors import ServeError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.doctor.safeguard_checks import Finding, Said, check

_MADE_UP = (
    "Its children are made up, and nobody signs in to it: use lac demo or lac run. "
    "To make a school's own folder, use lac init."
)
_NAME = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII
)
_MOST_PORT = 65535


def is_name(text: str) -> bool:
    """Whether people may type this after https://: a host by name, with a port if need be."""
    host, colon, port = text.partition(":")
    is_port = port.isascii() and port.isdecimal() and 1 <= int(port) <= _MOST_PORT
    return _NAME.fullmatch(host) is not None and (not colon or is_port)


def require_servable(home: Home) -> None:
    """ServeError, with what to do, for a home of which no server may be."""
    if home.is_demo:
        raise ServeError(_MADE_UP)


def run_checks(
    home: Home, name: str, environ: Mapping[str, str] = os.environ
) -> tuple[Finding, ...]:
    """Each finding about a server of this name; what `lac doctor` finds is not among them."""
    if home.is_demo:
        return (Finding("server", "to do", _MADE_UP),)
    words = f"https://{name} may be served, by a proxy on this computer."
    return (
        Finding("server", "good", words),
        check("people", _check_people, home, environ),
        Finding("user", *_check_user()),
    )


def _check_people(home: Home, environ: Mapping[str, str]) -> Said:
    keys = Keys.load(home, environ)
    people = [each.person for each in People.load(home, keys)]
    provider = Settings.load(home, keys).provider
    holders = admission.open_sign_in_wraps(home, keys).holders
    without = [each for each in people if provider is None and each not in holders]
    if without:
        words = f"{len(without)} of {len(people)} on the list cannot sign in yet."
        return "to do", f"{words} For each: lac people passphrase"
    return "good", f"All {len(people)} on the list can sign in."


def _check_user() -> Said:
    if os.name == "posix" and os.getuid() == 0:
        words = "This runs as root. Give the server a user of its own: see docs/serve.md"
        return "to do", words
    return "good", "It has the rights of its own user only."
