"""How the home of the made-up school is made: its files loaded, and its people's log written."""

import os
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random

from intake.publish.load import load_exports
from intake.switches import save_switches
from safeguards.home.home import Home, create_demo
from safeguards.journal.typed_entries import Entry, TypedEntries, generate_entry_id
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic.cast.cast import CAST, CAST_ACTIONS
from synthetic.exports import write_school

_EVENING, _AFTER_SCHOOL = time(18, tzinfo=UTC), time(15, 45, tzinfo=UTC)


def make_home(folder: Path, *, seed: int, until: date, all_categories: bool) -> None:
    """A loaded home at `folder`/home, as on the evening of `until`, with keys at `folder`/keys."""
    environ = {**os.environ, "LAC_KEYS": str(folder / "keys")}
    home = create_demo(folder / "home")
    keys = Keys.create(home, environ)
    if all_categories:
        save_switches(home, keys, off=())

    def take_part(phase: str) -> None:
        if phase == "store":  # the children have their codes, and the load takes in what was typed
            log_cast_actions(home, keys, Random(seed))

    with tempfile.TemporaryDirectory(prefix="lac-exports-") as exports:
        write_school(Path(exports), seed=seed, until=until, all_categories=all_categories)
        load_exports(
            Path(exports),
            home.folder,
            now=datetime.combine(until, _EVENING),
            actor="demo",
            rng=Random(seed),
            progress=take_part,
            environ=environ,
        )


def log_cast_actions(home: Home, keys: Keys, rng: Random) -> None:
    """Type what the cast's stories say was done; no reason is closed by it."""
    vault, written = Vault.open(home, keys), TypedEntries.open(home, keys)
    upns = {member.person.preferred or member.person.forename: member.upn for member in CAST}
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
