"""Sharing of a child's data with a listed recipient.  It is logged before there is a file.

For the safeguarding lead only.  The order of the checks is: the role, the recipient, the purpose,
the child.  A refusal is logged too.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

from queries.contract import list_shared_parts
from safeguards.access.access import Denied, Session
from safeguards.access.identify import Identity, identify
from safeguards.access.roles import build_refusal
from safeguards.errors import ProofError, SafeguardsError, ShareError
from safeguards.files import write_new
from safeguards.journal.access_log import AccessLog, Event, get_utc_now
from safeguards.journal.typed_entries import TypedEntries, find_flagged
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault
from stewardship.packets.holdings import gather_parts
from stewardship.packets.packet import Heading, build_packet
from stewardship.registers import recipients, shares
from stewardship.registers.recipients import Recipient
from stewardship.registers.shares import GROUNDS, Share, Shares

#: The purpose of a session for sharing, which has no restricted child.
PURPOSE = "share"

_PAGE, _EVENT, _DONE = "child", "share", "shared"
#: The length of a purpose, so that a line of the log has room for it beside the recipient.
_SHORTEST, _LONGEST = 10, 100

_NOTE = (
    "This is a child's personal data, only for the recipient and the purpose named here. Keep it "
    "safe."
)


class Sharing:
    """A person's right to share with one recipient for one purpose, after it was checked."""

    def __init__(
        self,
        session: Session,
        to: str,
        purpose: str,
        ground: str,
        *,
        clock: Callable[[], datetime] = get_utc_now,
    ) -> None:
        """Check the right to share.  Denied for a role that may not share.

        ValueError for a session of another purpose.  ShareError for a recipient that is not on the
        list, a purpose of fewer than 10 or more than 100 characters, or a ground outside
        `shares.GROUNDS`.  Refusals are logged, except for the purpose.
        """
        if session.purpose != PURPOSE:
            raise ValueError("a session for sharing is opened for that purpose")
        self.session = session
        self.clock = clock
        self.keys = Keys.load(session.home)
        self._log = open_sharing_log(session, self.keys, clock)
        self.to = self._get_listed_recipient(to)
        self.purpose = " ".join(purpose.split())
        if not (_SHORTEST <= len(self.purpose) <= _LONGEST and self.purpose.isprintable()):
            raise ShareError(f"Give the purpose in {_SHORTEST} to {_LONGEST} printable characters.")
        self.ground = ground
        if ground not in GROUNDS:
            self.refuse(
                "no ground",
                "Give the lawful basis, without which nothing is shared. Choose one of these: "
                f"{', '.join(GROUNDS)}.",
            )

    def get_record(self, handle: str, *, may_be_restricted: bool = False) -> PupilRecord:
        """Return the child with this handle.  Log and refuse an unknown or restricted child."""
        record = Vault.open(self.session.home, self.keys).find_by_handle(handle)
        if record is None:
            self.refuse(
                "unknown handle", "There is no child with this code name. Check both words."
            )
        entries = TypedEntries.open(self.session.home, self.keys).list_entries()
        if not may_be_restricted and record.pupil_id in find_flagged(entries, "restriction"):
            self.refuse(
                "restricted",
                "This child's data is restricted: it is kept but not used, so nothing was "
                "shared. See the Requests page.",
                record.pupil_id,
            )
        return record

    def write_packet(
        self, record: PupilRecord, path: Path, parts: Collection[str], passphrase: Callable[[], str]
    ) -> Share:
        """Note the share in log and register, then write these parts of a record to a new file.

        The passphrase is asked for after all other checks.  The reason for opening the identity is
        the purpose.  A second line of the log has the SHA-256 of the file.  ShareError if the file
        exists already or cannot be written: then the register has a share that was never done.
        Errors of `identify` and of `gather_parts`.
        """
        session = self.session
        _require_free_path(path, session)
        identity = identify(
            session, record.handle, reason=self.purpose, passphrase=passphrase(), clock=self.clock
        )
        held = gather_parts(session.home, self.keys, record, identity)
        chosen = [part.drop_marks() for part in held if part.name in parts]
        heading = self._build_heading("A child's record", identity)
        return self._write(path, build_packet(heading, chosen, {}), record.pupil_id)

    def record_sent(self, name: str, pupil_id: str, went_on: date) -> Share:
        """Record that a file went to the recipient another way.  ShareError for a future day."""
        if went_on > self.clock().astimezone().date():
            raise ShareError("The date on which the file was sent cannot be in the future.")
        return self._begin(name, pupil_id, f"{self.to.name}, another way: {self.purpose}", went_on)

    def refuse(self, why: str, message: str, *pupil_ids: str) -> NoReturn:
        """Log the refusal with its reason, then raise ShareError with this message."""
        self._append("deny", pupil_ids, f"{PURPOSE}: {why}")
        raise ShareError(message)

    def _get_listed_recipient(self, name: str) -> Recipient:
        try:
            recipient = recipients.find_recipient(self.session.home, self.keys, name)
        except (ShareError, ProofError) as error:
            self.refuse("faulty list of recipients", str(error))
        if recipient is None:
            self.refuse(
                "recipient not on the list",
                "This recipient is not on the school's list, so nothing was shared. "
                "See: lac share recipients",
            )
        return recipient

    def _build_heading(self, title: str, identity: Identity) -> Heading:
        facts = {
            "child": f"{identity.values['forename']} {identity.values['surname']}",
            "upn": str(identity.values["upn"]),
            "from": self.session.school_name,
            "for": self.to.name,
            "purpose": self.purpose,
        }
        made_on = self.clock().astimezone().date()
        return Heading("record", title, _NOTE, facts, made_on, self.session.is_demo)

    def _write(self, path: Path, content: bytes, pupil_id: str) -> Share:
        begun = self._begin(shares.CHILD, pupil_id, f"{self.to.name}: {self.purpose}", None)
        try:
            write_new(path, content)
        except FileExistsError:
            raise _build_exists_error(path) from None
        except OSError as error:
            path.unlink(missing_ok=True)
            raise ShareError(
                f"{path} cannot be written ({error.strerror}), so nothing was shared."
            ) from error
        sha256 = hashlib.sha256(content).hexdigest()
        try:
            self._append(_DONE, (pupil_id,), f"sha256 {sha256}")
            register = Shares.open(self.session.home, self.keys)
            return register.finish(begun.share_id, sha256)
        except SafeguardsError:
            path.unlink(missing_ok=True)
            raise

    def _begin(self, name: str, pupil_id: str, line: str, went_on: date | None) -> Share:
        """Write to the log, then to the register, that something is about to be shared."""
        self._append(_EVENT, (pupil_id,), line)
        return Shares.open(self.session.home, self.keys).begin(
            name,
            self.to,
            self.purpose,
            (pupil_id,),
            actor=self.session.actor,
            now=self.clock(),
            ground=self.ground,
            went_on=went_on,
        )

    def _append(self, event: str, pupil_ids: tuple[str, ...], purpose: str) -> None:
        who = _name_sharer(self.session)
        self._log.append(Event(event, *who, _PAGE, pupil_ids, purpose))


def open_sharing_log(
    session: Session, keys: Keys, clock: Callable[[], datetime] = get_utc_now
) -> AccessLog:
    """Open the log for a role that may share.  Log and deny any other."""
    log = AccessLog(session.home, keys, clock)
    if not session.is_allowed(_PAGE, _EVENT):
        log.append(Event("deny", *_name_sharer(session), _PAGE, (), PURPOSE))
        raise Denied(build_refusal(session.role, "share data"))
    return log


def _name_sharer(session: Session) -> tuple[str, str]:
    """Return who shares, and in which of their roles, for a line of the log."""
    return session.actor, session.choose_role(_PAGE, _EVENT)


def list_shares(session: Session) -> tuple[Share, ...]:
    """List the shares of the home, the newest last.  Denied for a role that may not share."""
    keys = Keys.load(session.home)
    open_sharing_log(session, keys)
    return Shares.open(session.home, keys).list_all()


def record_receipt(
    session: Session, share_id: str, on: date, *, clock: Callable[[], datetime] = get_utc_now
) -> Share:
    """Log, then record, that a recipient has confirmed receipt on a day.

    Denied for a role that may not share.  ShareError as of `Shares.require_awaiting_receipt`.
    """
    keys = Keys.load(session.home)
    log = open_sharing_log(session, keys, clock)
    register = Shares.open(session.home, keys)
    share = register.require_awaiting_receipt(share_id, on, now=clock())
    who = _name_sharer(session)
    log.append(Event("receipt", *who, _PAGE, share.pupil_ids, share.recipient))
    return register.record_receipt(share_id, on)


def share_child(
    sharing: Sharing,
    handle: str,
    out: Path,
    *,
    passphrase: Callable[[], str],
    only: Sequence[str] = (),
) -> Share:
    """Write one child's record, with name and UPN, for the recipient to a new zip at `out`.

    only: these parts, such as "sdq", and the identity.  Without it, all that the recipient's kind
    may have.  Errors as of `Sharing`.  ShareError for a part that the kind may not have.
    """
    wanted = _select_parts(sharing, only)
    return sharing.write_packet(sharing.get_record(handle), out, wanted, passphrase)


def _select_parts(sharing: Sharing, only: Sequence[str]) -> tuple[str, ...]:
    allowed = list_shared_parts(sharing.to.kind)
    names = {part.removeprefix("raw_"): part for part in allowed}
    if not names.keys() >= set(only):
        sharing.refuse(
            "a part that the kind may not have",
            f"A recipient of this kind may be sent only these parts: {', '.join(names)}.",
        )
    chosen = {"identity", *(names[name] for name in only)}
    return tuple(part for part in allowed if part in chosen) if only else allowed


def _require_free_path(out: Path, session: Session) -> None:
    """Raise ShareError unless a new file may be at `out`, before anybody types a passphrase."""
    if out.exists():
        raise _build_exists_error(out)
    needed = out.absolute().parent
    if not needed.is_dir():
        raise ShareError(f"There is no folder {needed}. Make the folder first.")
    if out.resolve().is_relative_to(session.home.folder.resolve()):
        raise ShareError("Name a folder outside the school's folder.")


def _build_exists_error(out: Path) -> ShareError:
    return ShareError(f"{out} already exists. Choose another name.")
