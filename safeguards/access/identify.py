"""A child's identity, for the safeguarding lead: one child, one reason, one passphrase.

The line in the log is on the disk before the record is opened.  The identity is returned and kept
nowhere; the page that shows it forgets it after ten minutes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from filelock import Timeout

from safeguards.access.access import Denied, Session
from safeguards.access.name_cards import NAMES_EVENT
from safeguards.access.roles import build_refusal
from safeguards.errors import PassphraseError, SafeguardsError
from safeguards.files import lock_file
from safeguards.journal import audit
from safeguards.journal.access_log import (
    CLOCK_TOLERANCE,
    MAX_TEXT_LENGTH,
    AccessLog,
    Event,
    get_utc_now,
)
from safeguards.keys.key_ring import unlock_identities
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault

#: How long an identity may be shown.
IDENTITY_TTL = timedelta(minutes=10)

#: How many identities one person may open in any hour.
MAX_PER_HOUR = 10

#: Seconds to wait while other identities are opened, which takes a second or two each.
_LOCK_TIMEOUT_S = 30.0
_SHORTEST_REASON = 10
_EVENT = "identify"
_PAGE = "child"


class IdentityRefused(SafeguardsError):
    """The reason is too short, or too many identities were opened; the message says what to do."""


@dataclass(frozen=True)
class MonthOfLooks:
    """The times that one person opened identities and showed names in a month, such as 2026-11."""

    month: str
    actor: str
    identities_opened: int
    names_shown: int


@dataclass(frozen=True)
class Identity:
    """The vault's record of one child, by column of the roll, and the contacts.

    `until` is the time when it must be hidden again.
    """

    pupil_id: str
    handle: str
    values: Mapping[str, str | None] = field(repr=False)
    contacts: Sequence[Mapping[str, str]] = field(repr=False)
    until: datetime


def identify(
    session: Session,
    handle: str,
    *,
    reason: str,
    passphrase: str,
    clock: Callable[[], datetime] = get_utc_now,
) -> Identity:
    """Open a child's identity, once the line about it is on the disk.

    Counting, unlocking and logging are one step under one lock, so that requests at the same moment
    cannot pass the hourly limit together.

    The passphrase is that of the person who asks.  It is Denied for any role but the lead's.
    IdentityRefused means a reason of fewer than 10 characters, an unknown handle, or the eleventh
    identity in an hour.  PassphraseError means that it is wrong, or that the person holds no key.
    All refusals but that of a short reason are logged.
    """
    home = session.home
    keys = Keys.load(home)
    log = AccessLog(home, keys, clock)
    vault = Vault.open(home, keys)
    record = vault.find_by_handle(handle)

    def write(event: str, purpose: str) -> None:
        pupil_ids = () if record is None else (record.pupil_id,)
        role = session.choose_role(_PAGE, _EVENT)
        log.append(Event(event, session.actor, role, _PAGE, pupil_ids, purpose))

    if not session.is_allowed(_PAGE, _EVENT):
        write("deny", "identify")
        raise Denied(build_refusal(session.role, "open identities"))
    reason = " ".join(reason.split())
    if len(reason) < _SHORTEST_REASON:
        raise IdentityRefused(f"Give a reason of at least {_SHORTEST_REASON} characters.")
    if record is None:
        write("deny", "identify: unknown handle")
        raise IdentityRefused("There is no child with this code name. Check both words.")
    try:
        with lock_file(home.log / "identities", _LOCK_TIMEOUT_S):
            now = clock()
            if (refusal := _find_refusal(log, session.actor, now)) is not None:
                write("deny", f"identify: {refusal[0]}")
                raise IdentityRefused(refusal[1])
            secret_key = unlock_identities(home, keys, session.actor, passphrase, vault.public_key)
            write(_EVENT, reason)
    except PassphraseError:
        write("deny", "identify: wrong passphrase")
        raise
    except Timeout:
        raise IdentityRefused("Other identities are being opened. Try again in a minute.") from None
    return Identity(
        record.pupil_id,
        record.handle,
        vault.open_identity(record.pupil_id, secret_key),
        vault.open_contacts(record.pupil_id, secret_key),
        now + IDENTITY_TTL,
    )


def count_by_month(session: Session) -> list[MonthOfLooks]:
    """Count by month and person how often an identity was opened and how often names were shown.

    The newest month is first.  The counts say nothing about which children.  LogError means that
    the log cannot be read.

    Raises:
        Denied: If the role does not have the page.
    """
    if not session.is_allowed("opened"):
        raise Denied(build_refusal(session.role, "open this page"))
    log = AccessLog(session.home, Keys.load(session.home))
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for event, actor, at in _list_looks(log, _EVENT, NAMES_EVENT):
        counts[at.strftime("%Y-%m"), actor][event] += 1
    rows = [
        MonthOfLooks(month, actor, times[_EVENT], times[NAMES_EVENT])
        for (month, actor), times in sorted(counts.items())
    ]
    return sorted(rows, key=lambda row: row.month, reverse=True)


def is_log_whole(session: Session) -> bool:
    """Say whether every line of the log is there as it was written, so that the counts hold."""
    return audit.verify(session.home, Keys.load(session.home)).is_whole


def _find_refusal(log: AccessLog, actor: str, now: datetime) -> tuple[str, str] | None:
    """Return why this person can open no identity now, for the log and in words; None if they can.

    The caller holds the lock, so the count stays right until the next line is written.
    """
    openings, since = _list_looks(log, _EVENT), now - timedelta(hours=1)
    if any(at > now + CLOCK_TOLERANCE for _, _, at in openings):
        words = "This computer's clock was set back. Correct the clock first."
        return "the clock goes back", words
    name = actor[:MAX_TEXT_LENGTH]
    if sum(person == name and at > since for _, person, at in openings) >= MAX_PER_HOUR:
        words = f"You have opened {MAX_PER_HOUR} identities in the last hour, the most allowed."
        return "too many in an hour", f"{words} Try again later."
    return None


def _list_looks(log: AccessLog, *events: str) -> list[tuple[str, str, datetime]]:
    """Return the event, person and time of each line of these events, in the order of the log."""
    looks = []
    for record in log.read_records():
        event = record.get("event")
        if event in events:
            with suppress(ValueError, KeyError):  # a line that somebody changed: see is_log_whole
                at = datetime.fromisoformat(str(record["at"])).astimezone(UTC)
                looks.append((str(event), str(record["actor"]), at))
    return looks
