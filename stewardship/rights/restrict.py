"""Restriction, objection and hold: what is said of a child holds at once, through every load."""

from datetime import datetime
from typing import Literal

from intake.build.amend import publish_typed
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, Written, flagged, new_entry_id
from safeguards.keys.keys import Keys
from stewardship.registers.requests import child_of

Kind = Literal["restriction", "objection", "hold"]


def held(home: Home, keys: Keys) -> frozenset[str]:
    """The codes of the children whose data must be kept."""
    return frozenset(flagged(Written.open(home, keys).entries(), "hold"))


def put(
    session: access.Session, handle: str, kind: Kind, *, in_force: bool, now: datetime
) -> str | None:
    """Say that it holds from now on, or no longer; the entry's id, None if it was so already.

    RightsError for a handle of nobody, `access.Denied` for roles that handle no requests.
    """
    keys = Keys.of(session.home)
    child = child_of(session.home, keys, handle)
    session.enter("rights", child.pupil_id, "rights")
    written = Written.open(session.home, keys)
    if (child.pupil_id in flagged(written.entries(), kind)) == in_force:
        return None
    entry = Entry(
        entry_id=new_entry_id(),
        at=now,
        actor=session.actor,
        role=session.role,
        kind=kind,
        pupil_id=child.pupil_id,
        file="",
        values={"is_in_force": str(in_force).lower()},
    )
    written.append(entry)
    publish_typed(session.home, keys)
    return entry.entry_id
