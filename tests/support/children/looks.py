"""What the reasons to look say of a made-up school, beside a plain reading of its files."""

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
from synthetic import make_school, write_exports
from tests.support.children.tables import open_tables
from tests.support.schools.homes import keys_at

_READING = Path(__file__).with_name("looks.sql").read_text(encoding="utf-8")


class RuleJudged(NamedTuple):
    """How many children a rule lists, how many of them wrongly, and how many it leaves out."""

    rule: str
    listed: int
    false_alarms: int
    misses: int


class Judged(NamedTuple):
    """Every rule that a plain reading can tell, and who is listed at all."""

    rules: tuple[RuleJudged, ...]
    children: int
    listed: int
    persistent: int
    persistent_listed: int


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
    upns = con.sql("select distinct upn from roll").fetchall()
    ids = {upn: record.pupil_id for (upn,) in upns if (record := vault.find_by_upn(upn))}
    should: dict[str, set[str]] = {}
    for upn, rule in con.sql("from should").fetchall():
        if ids.get(upn) in members:
            should.setdefault(rule, set()).add(ids[upn])
    does: dict[str, set[str]] = {}
    for pupil_id, rule in rows:
        does.setdefault(rule, set()).add(pupil_id)
    listed = {pupil_id for pupil_id, _ in rows}
    persistent = {ids[upn] for (upn,) in con.sql("from persistent").fetchall() if upn in ids}
    return Judged(
        tuple(
            RuleJudged(
                rule,
                len(does.get(rule, set())),
                len(does.get(rule, set()) - found),
                len(found - does.get(rule, set())),
            )
            for rule, found in sorted(should.items())
        ),
        len(members),
        len(listed),
        len(persistent & members),
        len(persistent & members & listed),
    )
