"""Restriction, objection and hold: flags of a child that apply at once and survive every load."""

from collections.abc import Iterable
from datetime import datetime

from intake.publish.amend import publish_entries
from safeguards.access import access
from safeguards.errors import RightsError
from safeguards.handles import generate_id
from safeguards.home.home import Home
from safeguards.journal.ledger import Flag, FlagKind, Ledger, Line
from safeguards.journal.typed_entries import Entry, TypedEntries, find_flagged
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.registers.requests import Request, get_pupil_record


def list_pupils_on_hold(home: Home, keys: Keys) -> frozenset[str]:
    """Return the pupil_ids of the children whose data must be kept."""
    return frozenset(find_flagged(TypedEntries.open(home, keys).list_entries(), "hold"))


def set_flag(
    session: access.Session, handle: str, kind: FlagKind, *, in_force: bool, now: datetime
) -> str | None:
    """Set or lift a flag from now on.  Return the entry's id, or None if nothing had to change.

    RightsError for an unknown handle, `access.Denied` for roles that handle no requests.
    """
    child = get_pupil_record(session.home, Keys.load(session.home), handle)
    return _set_flag(session, child.pupil_id, kind, in_force=in_force, now=now)


#: The flag that a kind of request asks for.
FLAGS: dict[str, FlagKind] = {"restrict": "restriction", "object": "objection"}


def set_flag_of_request(
    session: access.Session, request: Request, *, in_force: bool, now: datetime
) -> str | None:
    """Set or lift a flag as `set_flag`, for the child of a request of one of FLAGS."""
    if request.pupil_id is None:
        raise RightsError("The data of the child in this request has been erased.")
    kind = FLAGS[request.kind]
    return _set_flag(session, request.pupil_id, kind, in_force=in_force, now=now)


def _set_flag(
    session: access.Session, pupil_id: str, kind: FlagKind, *, in_force: bool, now: datetime
) -> str | None:
    keys = Keys.load(session.home)
    session.enter("rights", pupil_id, "rights")
    written = TypedEntries.open(session.home, keys)
    if (pupil_id in find_flagged(written.list_entries(), kind)) == in_force:
        return None
    flag = Flag(now, generate_id(), pupil_id, kind, in_force)
    Ledger(session.home, keys).append(flag)
    written.append(_build_entry(flag, session.actor, session.choose_role("rights", "rights")))
    publish_entries(session.home, keys)
    return flag.entry_id


def apply_flags(home: Home, keys: Keys, lines: Iterable[Line], actor: str) -> None:
    """Type the flags of these lines again that the home's entries lack, as after a restore.

    Flags of unknown children are left out.  The store has the others from its next version on.
    """
    written = TypedEntries.open(home, keys)
    typed = {entry.entry_id for entry in written.list_entries()}
    known = {pupil.pupil_id for pupil in Vault.open(home, keys).pupils}
    for line in lines:
        if isinstance(line, Flag) and line.entry_id not in typed and line.pupil_id in known:
            written.append(_build_entry(line, actor, "office"))


def _build_entry(flag: Flag, actor: str, role: str) -> Entry:
    return Entry(
        entry_id=flag.entry_id,
        at=flag.at,
        actor=actor,
        role=role,
        kind=flag.kind,
        pupil_id=flag.pupil_id,
        file="",
        values={"is_in_force": str(flag.is_in_force).lower()},
    )
