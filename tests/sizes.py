"""How much the larger tests draw: tests/sizes.toml, whole or a share of it."""

import os
import tomllib
from pathlib import Path

_SHARES = {"whole": 1, "tenth": 10, "few": 50}


def size(name: str) -> int:
    """The number under a dotted name such as "properties.schools", at least 1.

    The environment's LAC_SIZES says "whole", "tenth" (as .ci/run does) or "few" (the
    default, a fiftieth); another word is a KeyError, so that a misspelling does not pass
    for a run of the whole.
    """
    section, key = name.split(".")
    numbers = tomllib.loads(Path(__file__).with_name("sizes.toml").read_text(encoding="utf-8"))
    share = _SHARES[os.environ.get("LAC_SIZES", "few")]
    return max(1, int(numbers[section][key]) // share)
