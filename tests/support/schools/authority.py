"""Made-up authorities for tests.

One has fifteen schools, of which one is late, and ninety children.  The other has the files of
three schools, each with every child of the school in its register.
"""

import os
import shutil
from datetime import date, datetime
from pathlib import Path
from random import Random

from cli.data.made_up import make_authority_home
from intake.publish.load import Load
from intake.read.files import list_senders
from safeguards.access.settings import Settings
from safeguards.home.home import create_demo
from safeguards.keys.home_of import set_home_of
from safeguards.keys.keys import Keys
from synthetic.exports import write_school
from tests.support.schools.homes import NOW, keys_at, make_once

DAY = date(2026, 11, 20)
#: Each of the three schools by its number, with how many children it has in the groups.
THREE = {100001: 12, 100002: 20, 100003: 8}


def authority_home(folder: Path) -> Path:
    """Its home at `folder`; its keys are where `homes.keys_at` says."""
    made = make_once(
        "authority-15-90",
        lambda root: make_authority_home(root, seed=7, until=DAY, schools=15, children=90),
    )
    return _copy(made, folder)


def three_schools_home(folder: Path) -> Path:
    """Copy the home of three schools to `folder`; their files are in `three_schools_exports`."""
    return _copy(make_once("authority-3", _make_three), folder)


def three_schools_exports() -> Path:
    """Return the folder that has the files of each of the three schools."""
    return make_once("authority-3", _make_three) / "exports"


def _copy(made: Path, folder: Path) -> Path:
    shutil.copytree(made / "home", folder)
    shutil.copytree(made / "keys", keys_at(folder)["LAC_KEYS"])
    return folder


def _make_three(root: Path) -> None:
    exports, environ = root / "exports", {**os.environ, "LAC_KEYS": str(root / "keys")}
    for school, children in THREE.items():
        write_school(
            exports / str(school),
            seed=school,
            children=children,
            years=2,
            until=DAY,
            has_cast=False,
        )
    home = create_demo(root / "home")
    keys = Keys.create(home, environ)
    set_home_of(keys, "authority")
    Settings("Three schools", "the safeguarding lead", authority="Ashmere").save(home, keys)
    now = datetime.combine(DAY, NOW.timetz())
    load = Load(home.folder, now, rng=Random(7), environ=environ)
    load.load_schools(list_senders(exports))
