"""Whom the reasons to look list in a made-up school, beside a plain reading of its files."""

import random
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from intake.publish.load import load_exports
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from synthetic.exports import write_exports
from synthetic.school.school import make_school
from tests.support.children.tables import open_tables
from tests.support.schools.homes import keys_at

_READING = Path(__file__).with_name("looks.sql").read_text(encoding="utf-8")


class Judged(NamedTuple):
    """How many children there are, are listed at all, and miss a tenth of school, listed or not.

    weekday, weekday_alarms: how many are listed for one weekday, and which of them a plain
    reading would not.
    """

    children: int
    listed: int
    persistent: int
    persistent_listed: int
    weekday: int
    weekday_alarms: int


def judge_looks(seed: int, children: int) -> Judged:
    """Load a made-up school of so many children in scope, and hold its reasons to its files."""
    school = make_school(seed, children, years=2)
    with tempfile.TemporaryDirectory() as temporary:
        folder, home_folder = Path(temporary) / "exports", Path(temporary) / "home"
        write_exports(school, folder)
        environ = keys_at(home_folder)
        now = datetime.combine(school.until, time(18), UTC)
        load_exports(folder, home_folder, now=now, rng=random.Random(seed), environ=environ)
        home = Home.open(home_folder)
        vault = Vault.open(home, Keys.load(home, environ))
        session = access.open(
            home_folder, actor="bench", role="dsl", purpose="bench", environ=environ
        )
        rows = session.read("select pupil_id, rule from needs_a_look").rows()
        members = {row[0] for row in session.read("select pupil_id from cohort_member").rows()}
    con = open_tables(school)
    con.execute(_READING)

    def read(table: str) -> set[str]:
        records = map(vault.find_by_upn, (upn for (upn,) in con.table(table).fetchall()))
        return {record.pupil_id for record in records if record} & members

    listed = {pupil_id for pupil_id, _ in rows}
    weekday = {pupil_id for pupil_id, rule in rows if rule == "same_weekday"}
    persistent = read("persistent")
    return Judged(
        len(members),
        len(listed),
        len(persistent),
        len(persistent & listed),
        len(weekday),
        len(weekday - read("same_weekday")),
    )
