"""Functions that make the home of a made-up school or authority: they load its made-up files."""

import os
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random

from intake.publish.load import Load
from intake.read.files import list_senders
from intake.switches import save_switches
from queries.school_year import get_first_day, get_school_year
from safeguards.access import access
from safeguards.access.settings import Settings
from safeguards.caseload import Caseload
from safeguards.handles import generate_id
from safeguards.home.home import Home, create_demo
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.keys.home_of import set_home_of
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic.authority import write_authority
from synthetic.cast.cast import CAST, CAST_ACTIONS
from synthetic.exports import write_school
from synthetic.population.care import HOME_AUTHORITY

_PLACES = """
select handle, school_key from cohort_member
union
select handle, school_key from no_school_place
order by handle
"""
#: The advisers of the made-up authority.
ADVISERS = ("A. Reed", "B. Marsh", "C. Heath", "D. Brook", "E. Field")
_EVENING, _AFTER_SCHOOL = time(18, tzinfo=UTC), time(15, 45, tzinfo=UTC)


def make_home(folder: Path, *, seed: int, until: date, children: int, all_categories: bool) -> None:
    """Make a home at `folder`/home with keys at `folder`/keys, loaded on the evening of `until`."""
    environ = {**os.environ, "LAC_KEYS": str(folder / "keys")}
    home = create_demo(folder / "home")
    keys = Keys.create(home, environ)
    if all_categories:
        save_switches(home, keys, off=())

    def take_part(phase: str) -> None:
        if phase == "store":  # the children have code names now, and the load reads entries next
            log_cast_actions(home, keys, Random(seed))

    with tempfile.TemporaryDirectory(prefix="lac-exports-") as exports:
        out = Path(exports)
        write_school(out, seed=seed, children=children, until=until, all_categories=all_categories)
        now = datetime.combine(until, _EVENING)
        load = Load(home.folder, now, "demo", Random(seed), take_part, environ=environ)
        load.load_exports(out)


def make_authority_home(
    folder: Path, *, seed: int, until: date, children: int, schools: int = 60
) -> None:
    """Make the home of a made-up authority.  An adviser has the children of some schools."""
    environ = {**os.environ, "LAC_KEYS": str(folder / "keys")}
    home = create_demo(folder / "home")
    keys = Keys.create(home, environ)
    set_home_of(keys, "authority")
    made_up = Settings("The made-up authority", "the safeguarding lead", authority=HOME_AUTHORITY)
    made_up.save(home, keys)
    with tempfile.TemporaryDirectory(prefix="lac-exports-") as exports:
        out, now = Path(exports), datetime.combine(until, _EVENING)
        write_authority(out, seed=seed, until=until, schools=schools, children=children)
        load = Load(home.folder, now, "demo", Random(seed), environ=environ)
        load.load_schools(list_senders(out))
    lead = access.open(home.folder, actor="demo", role="dsl", purpose="caseload", environ=environ)
    pupils = lead.read(_PLACES)
    caseload, first_day = Caseload(), get_first_day(get_school_year(until))
    for handle, school in pupils.iter_rows():
        caseload = caseload.add([handle], ADVISERS[school % len(ADVISERS)], first_day)
    caseload.save(home, keys)


def log_cast_actions(home: Home, keys: Keys, rng: Random) -> None:
    """Type the actions in the stories of the cast.  They close no reason for attention."""
    vault, written = Vault.open(home, keys), TypedEntries.open(home, keys)
    upns = {member.person.preferred or member.person.forename: member.upn for member in CAST}
    entries = []
    for action in CAST_ACTIONS:
        record = vault.find_by_upn(upns[action["child"]])
        if record is None:
            continue
        values = {name: action[name] for name in ("kind", "line", "follow_up") if action[name]}
        entries.append(
            Entry(
                entry_id=generate_id(rng),
                at=datetime.combine(date.fromisoformat(action["day"]), _AFTER_SCHOOL),
                actor=action["actor"],
                role="pastoral",
                kind="action",
                pupil_id=record.pupil_id,
                file="",
                values={**values, "date": action["day"], "rules": "{}"},
            )
        )
    written.append(*entries)
