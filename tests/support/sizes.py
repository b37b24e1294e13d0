"""How much the larger tests draw: tests/sizes.toml, whole or a share of it."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

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
    of the whole.
    """
    section, key = name.split(".")
    numbers = tomllib.loads(Path(__file__).with_name("sizes.toml").read_text(encoding="utf-8"))
    return max(1, int(numbers[section][key]) // _SHARES[share()])
