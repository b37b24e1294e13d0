"""How much the larger tests draw: tests/sizes.toml, whole or a share of it."""

import os
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

_Case = TypeVar("_Case")

#: Tells a counted proof: its name, cases, how many broke, how many of the control did.
Count = Callable[[str, int, int, int], None]

_SHARES = {"whole": 1, "tenth": 10, "few": 50}


def share() -> str:
    """The environment's LAC_SIZES: "whole" (as .ci/whole says), "tenth" or "few".

    "few" is the default, a fiftieth, and leaves out the tests that are marked slow.
    """
    return os.environ.get("LAC_SIZES", "few")


def seed() -> int:
    """The environment's LAC_SEED, 0 without it: another one draws other cases of each proof."""
    return int(os.environ.get("LAC_SEED", "0"))


def rng(name: str) -> Random:
    """What a counted proof draws from; each has a name of its own."""
    return Random(f"{seed()}|{name}")


def size(name: str) -> int:
    """The number under a dotted name such as "properties.schools", at least 1.

    A share of another name is a KeyError, so that a misspelling does not pass for a run
    of the whole.  Where a fiftieth is too few or too many, [few] has the number.
    """
    section, key = name.split(".")
    part = max(1, int(_read()[section][key]) // _SHARES[share()])
    return int(_read()["few"].get(name, part)) if share() == "few" else part


def draw_some(name: str, every: Sequence[_Case]) -> list[_Case]:
    """All of them; in a plain run as many as [few] says, drawn, in their order."""
    if share() != "few":
        return [*every]
    drawn = rng(name).sample(range(len(every)), _read()["few"][name])
    return [every[number] for number in sorted(drawn)]


@cache
def _read() -> dict[str, dict[str, int]]:
    return tomllib.loads(Path(__file__).with_name("sizes.toml").read_text(encoding="utf-8"))
