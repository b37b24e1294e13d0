"""What staff of the made-up school did about the cast: the lines of its log."""

from datetime import UTC, date, datetime, time
from random import Random

from intake.build.amend import publish_entries
from safeguards.home.home import Home
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic import CAST, CAST_ACTIONS

_AFTER_SCHOOL = time(15, 45, tzinfo=UTC)


def log_cast_actions(home: Home, rng: Random) -> None:
    """Log what the cast's stories say was done, and show it; no reason is closed by it."""
    keys = Keys.load(home)
    vault, written = Vault.open(home, keys), TypedEntries.open(home, keys)
    upns = {member.preferred or member.forename: member.upn for member in CAST}
    for action in CAST_ACTIONS:
        record = vault.find_by_upn(upns[action["child"]])
        if record is None:
            continue
        values = {name: action[name] for name in ("kind", "line", "follow_up") if action[name]}
        written.append(
            Entry(
                entry_id=generate_entry_id(rng),
                at=datetime.combine(date.fromisoformat(action["day"]), _AFTER_SCHOOL),
                actor=action["actor"],
                role="pastoral",
                kind="action",
                pupil_id=record.pupil_id,
                file="",
                values={**values, "date": action["day"], "rules": "{}"},
            )
        )
    publish_entries(home, keys)
