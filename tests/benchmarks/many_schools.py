"""How a home of 400 schools with 3,000 children loads, and what its pages take: a table.

    python -m tests.benchmarks.many_schools [SECONDS] [SCHOOLS] [CHILDREN]

One year of data, a folder a school, read by `lac load` in processes of its own; then one school's
newest week again, with one mark changed; then the server of `users`, with a head and advisers.
"""

import asyncio
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

from safeguards.access.people import People, Person
from safeguards.access.settings import Settings
from safeguards.caseload import Caseload
from safeguards.home.home import Home, create_real
from safeguards.keys.home_of import set_home_of
from safeguards.keys.keys import Keys
from synthetic.authority import FIRST_URN, write_authority
from tests.benchmarks.size import keep_last_week
from tests.benchmarks.units import begin_table, run_lac, say, say_row
from tests.benchmarks.users import Tab, cycle, run_scene, serving, summarise
from tests.support.schools.homes import keys_at, open_store
from tests.support.schools.real_home import move_upns, phrase_of

_HEAD, *_ADVISERS = (f"Canary{number:03}" for number in range(30))


def make_home(folder: Path) -> Home:
    """An authority's own home at `folder`, with a head and advisers, before its first load."""

    def fill(home: Home) -> None:
        keys = Keys.create(home, keys_at(folder), holders={_HEAD: phrase_of(_HEAD)})
        set_home_of(keys, "authority")
        Settings("Virtual School", _HEAD).save(home, keys)
        advisers = (Person(name, "adviser") for name in _ADVISERS)
        People((Person(_HEAD, "virtual_head"), *advisers)).save(home, keys)

    return create_real(folder, fill)


def share_out(home: Home) -> None:
    """Give each adviser the children of some schools."""
    pupils = open_store(home.folder).read("select handle, school_key from raw_pupil order by all")
    caseload = Caseload()
    for handle, school in pupils.iter_rows():
        adviser = _ADVISERS[school % len(_ADVISERS)]
        caseload = caseload.add([handle], adviser, date(2026, 9, 1))
    caseload.save(home, Keys.load(home, keys_at(home.folder)))


def load(what: str, bar: str, home: Home, *arguments: object) -> None:
    """Load, and say what that took."""
    used = run_lac("load", *arguments, "--home", home.folder, **keys_at(home.folder))
    peak = f"{used.ru_maxrss / 1e3:,.0f} MB at most"
    say_row(what, used.ru_utime + used.ru_stime, note=f"{bar}; {peak}")


def main() -> None:
    """Measure and print."""
    seconds, schools, children = map(
        int, (*sys.argv[1:], *("120", "400", "3000")[len(sys.argv) - 1 :])
    )
    with tempfile.TemporaryDirectory(prefix="lac-many-") as temporary:
        folder = Path(temporary)
        given, home = folder / "files", make_home(folder / "home")
        write_authority(given, schools=schools, children=children)
        move_upns(given)
        begin_table(f"{children:,} children in {schools} schools: the processor")
        load("all schools' files", "bar 180 s", home, given)
        register = given / f"{FIRST_URN + 1}" / "attendance.csv"
        keep_last_week(register)
        load("one school's week", "bar 3 s", home, register, "--school", FIRST_URN + 1)
        share_out(home)
        with serving(home.folder, folder) as (port, pid, cookies):
            for name, whose in ((_HEAD, "all children"), (_ADVISERS[1], "a caseload")):
                begin_table(f"A page again, of {whose}: the server's processor; bar of p95 60 ms")
                asyncio.run(cycle(Tab(name), port, pid, cookies[name]))
            begin_table("30 people, a page every 5 to 15 s; bar of p95 300 ms")
            summarise(run_scene(port, cookies, len(cookies), (5, 15), seconds), pid, 1000)
        say((folder / "server.txt").read_text(encoding="utf-8")[-2000:])


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
