"""How a home of 400 schools with 3,000 children loads, and what its pages take: a table.

    python -m tests.benchmarks.many_schools [SECONDS] [ADVISERS] [SCHOOLS] [CHILDREN]

One year of data, a folder a school, read by `lac load` in processes of its own; then one school's
newest week again, with one mark changed; then the server of `users`, with 30 people.  Of these so
many are advisers, each with rows of their own in its memory; the others see all children.  An
adviser's name stands on pages of others, and counts as a canary there.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from safeguards.access.admission import set_up_vault
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

_PEOPLE = [f"Canary{number:03}" for number in range(30)]


def make_files(folder: Path, schools: int, children: int) -> None:
    """A folder for each school at `folder`, under numbers of a real authority."""
    write_authority(folder, schools=schools, children=children)
    move_upns(folder)


def make_home(folder: Path, advisers: int) -> Home:
    """An authority's own home at `folder`, the last of whose people are advisers, before a load."""

    def fill(home: Home) -> None:
        keys = Keys.create(home, keys_at(folder))
        set_home_of(keys, "authority")
        Settings("Virtual School", _PEOPLE[0]).save(home, keys)
        roles = ["virtual_head"] * (len(_PEOPLE) - advisers) + ["adviser"] * advisers
        people = People(tuple(map(Person, _PEOPLE, roles)))
        people.save(home, keys)
        set_up_vault(home, keys, people, {_PEOPLE[0]: phrase_of(_PEOPLE[0])})

    return create_real(folder, fill)


def share_out(home: Home, advisers: Sequence[str]) -> None:
    """Give each adviser the children of some schools."""
    pupils = open_store(home.folder).read("select handle, school_key from raw_pupil order by all")
    caseload = Caseload()
    for handle, school in pupils.iter_rows():
        adviser = advisers[school % len(advisers)]
        caseload = caseload.add([handle], adviser, date(2026, 9, 1))
    caseload.save(home, Keys.load(home, keys_at(home.folder)))


def load(what: str, bar: str, home: Home, *arguments: object) -> None:
    """Load, and say what that took."""
    used = run_lac("load", *arguments, "--home", home.folder, **keys_at(home.folder))
    peak = f"{used.ru_maxrss / 1e3:,.0f} MB at most"
    say_row(what, used.ru_utime + used.ru_stime, note=f"{bar}; {peak}")


def main() -> None:
    """Measure and print."""
    given = map(int, (*sys.argv[1:], *("120", "10", "400", "3000")[len(sys.argv) - 1 :]))
    seconds, advisers, schools, children = given
    with tempfile.TemporaryDirectory(prefix="lac-many-") as temporary:
        folder = Path(temporary)
        files, home = folder / "files", make_home(folder / "home", advisers)
        making = get_context("spawn").Process(target=make_files, args=(files, schools, children))
        making.start()  # a load would begin with the memory of what this process has held
        making.join()
        begin_table(f"{children:,} children in {schools} schools: the processor")
        load("all schools' files", "bar 180 s", home, files)
        register = files / f"{FIRST_URN + 1}" / "attendance.csv"
        keep_last_week(register)
        load("one school's week", "bar 3 s", home, register, "--school", FIRST_URN + 1)
        share_out(home, _PEOPLE[-advisers:])
        with serving(home.folder, folder) as (port, pid, cookies):
            for name, whose in ((_PEOPLE[0], "all children"), (_PEOPLE[-1], "a caseload")):
                begin_table(f"A page again, of {whose}: the server's processor; bar of p95 60 ms")
                asyncio.run(cycle(Tab(name), port, pid, cookies[name]))
            begin_table("30 people, a page every 5 to 15 s; bar of p95 300 ms")
            summarise(run_scene(port, cookies, len(cookies), (5, 15), seconds), pid, 1000)
        say((folder / "server.txt").read_text(encoding="utf-8")[-2000:])


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
