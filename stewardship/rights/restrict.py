"""Restriction, objection and hold: what is said of a child holds at once, through every load."""

from datetime import datetime
from typing import Literal

from intake.publish.amend import publish_entries
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries, find_flagged, generate_entry_id
from safeguards.keys.keys import Keys
from stewardship.registers.requests import get_pupil_record

FlagKind = Literal["restriction", "objection", "hold"]


def list_pupils_on_hold(home: Home, keys: Keys) -> frozenset[str]:
    """The codes of the children whose data must be kept."""
    return frozenset(find_flagged(TypedEntries.open(home, keys).list_entries(), "hold"))


def set_flag(
    session: access.Session, handle: str, kind: FlagKind, *, in_force: bool, now: datetime
) -> str | None:
    """Say that it holds from now on, or no longer; the entry's id, None if it was so already.

    RightsError for a handle of nobody, `access.Denied` for roles that handle no requests.
    """
    keys = Keys.load(session.home)
    child = get_pupil_record(session.home, keys, handle)
    session.enter("rights", child.pupil_id, "rights")
    written = TypedEntries.open(session.home, keys)
    if (child.pupil_id in find_flagged(written.list_entries(), kind)) == in_force:
        return None
    entry = Entry(
        entry_id=generate_entry_id(),
        at=now,
        actor=session.actor,
        role=session.role,
        kind=kind,
        pupil_id=child.pupil_id,
        file="",
        values={"is_in_force": str(in_force).lower()},
    )
    written.append(entry)
    publish_entries(session.home, keys)
    return entry.entry_id
