"""How long locks take: `lac doctor` on a real home, and to close what lies open.

    python tests/benchmarks/locks.py

Prints a table of seconds.  The bars: doctor 3 s, an open tab and a notebook 10 s.
"""

import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[2]))

from safeguards.access.people import People, Person
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.commands import start_lac
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import DEPUTY, PEOPLE, phrase_of, real_home
from tests.support.web.browsers import chromium, sign_in
from tests.support.web.servers import notebook_serving, serving

_TEACHER = PEOPLE["teacher"]


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block takes."""
    began = time.monotonic()
    yield
    sys.stdout.write(f"| {what} | {time.monotonic() - began:.1f} s |\n")


def measure(root: Path) -> None:
    """Make a home, look at it, open it, and take away who opened it."""
    folder = real_home(root / "home", children=24)
    environ = keys_at(folder)
    home, keys = Home.open(folder), Keys.load(Home.open(folder), environ)
    people = People.load(home, keys)
    for _ in range(2):
        with timed("lac doctor, the whole command"):
            start_lac("doctor", "--home", folder, LAC_KEYS=environ["LAC_KEYS"])
    with serving(folder, root / "log.txt") as served, chromium() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.goto(served.link)
        for what, change in (
            ("another role, to a closed tab", people.add_or_replace(Person(_TEACHER, "head"))),
            ("taken off the list, to a closed tab", people.remove(_TEACHER)),
        ):
            people.save(home, keys)
            open_twice(page)
            change.save(home, keys)
            with timed(what):
                page.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
        people.save(home, keys)
        second = open_twice(page)
        page.get_by_role("button", name="Sign out").click()
        with timed("signed out, to the other tab closed"):
            second.get_by_role("heading", name="Sign in").wait_for(timeout=60_000)
    with notebook_serving(
        folder, root / "notebook.txt", who=DEPUTY, phrase=phrase_of(DEPUTY)
    ) as notebook:
        people.remove(DEPUTY).save(home, keys)
        with timed("taken off the list, to a closed notebook"):
            while is_listening(notebook.port):
                time.sleep(0.1)


def open_twice(page: Page) -> Page:
    """The teacher signs in in one tab, and opens another."""
    page.reload()  # for the names of now
    sign_in(page, _TEACHER)
    page.get_by_role("heading", name="Today", exact=True).wait_for(timeout=60_000)
    second = page.context.new_page()
    second.goto(page.url)
    second.get_by_role("heading", name="Today", exact=True).wait_for(timeout=60_000)
    return second


def is_listening(port: int) -> bool:
    """Whether a server of ours is there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    sys.stdout.write("| what | took |\n| --- | --- |\n")
    with tempfile.TemporaryDirectory() as place:
        measure(Path(place))
