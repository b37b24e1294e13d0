"""A made-up authority for tests: fifteen schools, one of which is late, and ninety children."""

import shutil
from datetime import date
from pathlib import Path

from cli.data.made_up import make_authority_home
from tests.support.schools.homes import keys_at, make_once

DAY = date(2026, 11, 20)


def authority_home(folder: Path) -> Path:
    """Its home at `folder`; its keys are where `homes.keys_at` says."""
    made = make_once(
        "authority-15-90",
        lambda root: make_authority_home(root, seed=7, until=DAY, schools=15, children=90),
    )
    shutil.copytree(made / "home", folder)
    shutil.copytree(made / "keys", keys_at(folder)["LAC_KEYS"])
    return folder
