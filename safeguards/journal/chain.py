"""How a line of the access log proves its place: a number, and a mac that hangs on the line before.

The first mac hangs on all lines that an earlier version left, which have none.  The head,
where the chain ends, is kept beside the keys: lines taken off the end leave a whole chain.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass

from safeguards.files import write_private
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

HEAD = "log.head"

_LINE = re.compile(
    rb'\{"version": [0-9]+, "number": ([1-9][0-9]{0,17}), .+, "mac": "([0-9a-f]{64})"\}'
)
_HEAD = re.compile(rb"([1-9][0-9]{0,17}) ([0-9a-f]{64})\n")


@dataclass(frozen=True)
class Link:
    """Where a chain stands: the number of its last line, and that line's mac."""

    number: int
    mac: str


class Chain:
    """The proofs of one home's log."""

    def __init__(self, home: Home, keys: Keys) -> None:
        self._key = keys.log
        self._home = f"log|v1|{home.home_id}|".encode("ascii")
        self._head = keys.folder / HEAD

    def build_line(
        self, previous: Link, number: int, record: dict[str, object]
    ) -> tuple[bytes, Link]:
        """A record as the line after `previous`, and where the chain stands with it.

        record: begins with its version.  The line is plain printable ASCII, with its end.
        """
        version, *rest = record.items()
        text = json.dumps(dict([version, ("number", number), *rest]), ensure_ascii=True)
        body = text[:-1].encode("ascii")
        mac = self._compute_mac(previous, body)
        return _append_mac(body, mac) + b"\n", Link(number, mac)

    def verify_line(self, line: bytes, previous: Link) -> bool:
        """Whether these are the very bytes of a line that was sealed after `previous`."""
        body, found, _ = line.rpartition(b', "mac": ')
        return bool(found) and hmac.compare_digest(
            line, _append_mac(body, self._compute_mac(previous, body))
        )

    def read_head(self) -> Link | None:
        """Where the chain ended; None if it has not begun, or if that was lost or damaged."""
        try:
            found = _HEAD.fullmatch(self._head.read_bytes())
        except FileNotFoundError:
            return None
        return _link(found)

    def write_head(self, head: Link) -> None:
        """Put the head on the disk."""
        write_private(self._head, f"{head.number} {head.mac}\n".encode("ascii"))

    def _compute_mac(self, previous: Link, body: bytes) -> str:
        message = b"%b%b|%b" % (self._home, previous.mac.encode("ascii"), body)
        return hmac.digest(self._key, message, "sha256").hex()


def parse_link(line: bytes) -> Link | None:
    """What a line says of its place, true or not; None for one without a proof."""
    return _link(_LINE.fullmatch(line))


def compute_start_link(older: list[bytes]) -> Link:
    """Where the chain begins after lines that have no proof: none in a new log."""
    return Link(len(older), hashlib.sha256(b"".join(line + b"\n" for line in older)).hexdigest())


def _link(found: "re.Match[bytes] | None") -> Link | None:
    return None if found is None else Link(int(found[1]), found[2].decode("ascii"))


def _append_mac(body: bytes, mac: str) -> bytes:
    return b'%b, "mac": "%b"}' % (body, mac.encode("ascii"))
