"""Restriction, objection and hold: what is said of a child holds at once, through every load."""

from datetime import datetime
from typing import Literal

from intake.amend import publish_typed
from safeguards import access
from safeguards.home import Home
from safeguards.keys import Keys
from safeguards.rights import child_of
from safeguards.written import Entry, Written, new_entry_id

Kind = Literal["restriction", "objection", "hold"]


def is_in_force(session: access.Session, handle: str, kind: Kind) -> bool:
    """Whether the last word about this child and kind is that it holds; RightsError as below."""
    keys = Keys.of(session.home)
    child = child_of(session.home, keys, handle)
    last = [
        entry
        for entry in Written.open(session.home, keys).entries()
        if entry.kind == kind and entry.pupil_id == child.pupil_id
    ][-1:]
    return any(entry.values["is_in_force"] == "true" for entry in last)


def held(home: Home, keys: Keys) -> frozenset[str]:
    """The codes of the children whose data must be kept."""
    last = {
        entry.pupil_id: entry.values["is_in_force"] == "true"
        for entry in Written.open(home, keys).entries()
        if entry.kind == "hold"
    }
    return frozenset(pupil_id for pupil_id, holds in last.items() if holds)


def put(
    session: access.Session, handle: str, kind: Kind, *, in_force: bool, now: datetime
) -> str | None:
    """Say that it holds from now on, or no longer; the entry's id, None if it was so already.

    RightsError for a handle of nobody, `access.Denied` for roles that handle no requests.
    """
    keys = Keys.of(session.home)
    child = child_of(session.home, keys, handle)
    session.enter("rights", child.pupil_id, "rights")
    if is_in_force(session, handle, kind) == in_force:
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
    Written.open(session.home, keys).append(entry)
    publish_typed(session.home, keys)
    return entry.entry_id
