"""The draft answer to an access request: everything that is held about a child.

It has a page in plain words for the child.  A person reviews the marked rows before it is sent.
"""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path

from safeguards.access.access import Session
from safeguards.cells import serialise_csv
from safeguards.keys.keys import Keys
from stewardship.packets.holdings import MARKED, SHARED, WHY_REVIEW, Part, gather_parts
from stewardship.packets.packet import Heading, build_packet, render_document
from stewardship.registers.requests import get_pupil_record

_WRITTEN = {
    False: "lac-monitor has written no file about this child for anybody outside the school.",
    True: f"lac-monitor has written files about this child for others: see {SHARED}.",
}
_TEXTS = tomllib.loads(Path(__file__).with_name("draft.toml").read_text(encoding="utf-8"))


def make_draft(session: Session, handle: str, now: datetime) -> bytes:
    """Log the access, then return the zip of the draft about a child, without their identity.

    RightsError for an unknown handle.
    """
    keys = Keys.load(session.home)
    child = get_pupil_record(session.home, keys, handle)
    session.enter("rights", child.pupil_id, "rights")
    parts, day = gather_parts(session.home, keys, child), now.astimezone().date()
    return build_draft(parts, handle=handle, made_on=day, is_demo=session.is_demo)


def build_draft(parts: Sequence[Part], *, handle: str, made_on: date, is_demo: bool) -> bytes:
    """Return the bytes of the zip, which are the same for the same parts and day."""
    is_shared = any(part.name == SHARED for part in parts)
    facts = {"handle": handle, "shared_with": f"{_WRITTEN[is_shared]} {_TEXTS['other_systems']}"}
    title = f"What is held about {handle}"
    heading = Heading("everything", title, _TEXTS["note"], facts, made_on, is_demo)
    to_review = [
        (part.name, number, row[MARKED], WHY_REVIEW[row[MARKED]])
        for part in parts
        for number, row in enumerate(part.rows, start=1)
        if row[MARKED]
    ]
    more = {
        "for-the-child.html": _render_childs_page(parts, is_demo=is_demo),
        "to-review.csv": serialise_csv(("file", "row", "review", "why"), to_review),
    }
    return build_packet(heading, parts, more)


def _render_childs_page(parts: Iterable[Part], *, is_demo: bool) -> str:
    """Render the page in plain words: how often each kind was written down, and no rows."""
    body = [
        _TEXTS["hello"],
        "<ul>",
        *(f"<li>{escape(_describe_for_child(part))}</li>" for part in parts),
        "</ul>",
        *_TEXTS["you_can_ask"],
    ]
    return render_document("What our school writes down about you", body, is_demo=is_demo)


def _describe_for_child(part: Part) -> str:
    """Say in a sentence how often a kind of data was written down."""
    number = len(part.rows)
    times = "once" if number == 1 else f"{number} times"
    return f"We have written down {part.rights.for_the_child} ({times})."
