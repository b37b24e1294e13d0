"""Restriction, objection and hold: what is said of a child holds at once, through every load."""

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
    """The codes of the children whose data must be kept."""
    return frozenset(find_flagged(TypedEntries.open(home, keys).list_entries(), "hold"))


def set_flag(
    session: access.Session, handle: str, kind: FlagKind, *, in_force: bool, now: datetime
) -> str | None:
    """Say that it holds from now on, or no longer; the entry's id, None if it was so already.

    RightsError for a handle of nobody, `access.Denied` for roles that handle no requests.
    """
    child = get_pupil_record(session.home, Keys.load(session.home), handle)
    return _set_flag(session, child.pupil_id, kind, in_force=in_force, now=now)


#: What a request of a kind asks to have in force.
FLAGS: dict[str, FlagKind] = {"restrict": "restriction", "object": "objection"}


def set_flag_of_request(
    session: access.Session, request: Request, *, in_force: bool, now: datetime
) -> str | None:
    """As `set_flag`, about the child of a request of one of FLAGS."""
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
    """Type again what the home's entries lack of these lines, as after a restore.

    Not of a child whom the home does not know.  The store has it with its next version.
    """
    written = TypedEntries.open(home, keys)
    typed = {each.entry_id for each in written.list_entries()}
    known = {each.pupil_id for each in Vault.open(home, keys).pupils}
    for each in lines:
        if isinstance(each, Flag) and each.entry_id not in typed and each.pupil_id in known:
            written.append(_build_entry(each, actor, "office"))


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
