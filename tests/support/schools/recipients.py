"""The made-up school's home with recipients on its list."""

from pathlib import Path

from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.registers import recipients
from stewardship.registers.recipients import Recipient
from tests.support.schools.homes import copy_made, demo_home, keys_at, make_once


def with_recipients(folder: Path, *listed: Recipient, children: int = 24) -> Path:
    """A loaded home at `folder`, whose lead has put these on the list."""

    def make(root: Path) -> None:
        home = Home.open(demo_home(root / "home", children=children))
        keys = Keys.load(home, keys_at(home.folder))
        for each in listed:
            recipients.add(home, keys, each.name, each.kind, actor="lead", role="dsl")

    names = "-".join(each.kind for each in listed).replace(" ", "-")
    return copy_made(make_once(f"recipients-{children}-{names}", make), folder)
