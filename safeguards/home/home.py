"""A school's home: the folder that holds everything but the keys.

`home.toml` describes it; `store/` holds the facts without names, `vault/` the sealed identities,
`written/` the entries that people typed, `log/` the access log, `ledger/` receipts of erasures.
"""

import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from safeguards.errors import HomeError
from safeguards.files import FOLDER_MODE, is_reached_by_others, write_private
from safeguards.handles import SYSTEM_RANDOM, generate_id
from safeguards.home.location import refuse_shared

Kind = Literal["demo", "real"]

#: The version of the folder's layout, raised by one when older code cannot read it.
LAYOUT = 1

_DESCRIPTION = "home.toml"
_FOLDERS = ("store", "vault", "written", "log", "ledger")
_HOME_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")


@dataclass(frozen=True)
class Home:
    """One school's home.  A demo home holds made-up children only, a real one real ones."""

    folder: Path
    kind: Kind
    home_id: str

    @classmethod
    def open(cls, folder: Path) -> "Home":
        """Return the home at `folder`; HomeError if there is none that this version can use.

        One with real children is also refused in a folder that is copied elsewhere.  If others can
        reach the folder of such a home, it is closed to them.
        """
        folder = folder.absolute()
        if not folder.is_dir():
            raise HomeError(f"There is no folder {folder}. Check the path after --home.")
        path = folder / _DESCRIPTION
        try:
            description = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise HomeError(
                f"{folder} is not a folder made by lac-monitor: it has no {_DESCRIPTION}. "
                "Check the path after --home."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise _build_damage_error(path) from error
        except OSError as error:
            raise HomeError(f"{path} cannot be read: {error.strerror}.") from error
        layout, home_id = description.get("layout"), description.get("home_id")
        if type(layout) is not int or layout < 1:
            raise _build_damage_error(path)
        if layout > LAYOUT:
            raise HomeError(
                f"{folder} was made by a newer lac-monitor (layout {layout}; "
                f"this one reads up to {LAYOUT}). Update lac-monitor."
            )
        if not isinstance(home_id, str) or not _HOME_ID.fullmatch(home_id):
            raise _build_damage_error(path)
        kind = _parse_kind(description, path)
        missing = [name for name in _FOLDERS if not (folder / name).is_dir()]
        if missing:
            raise HomeError(f"{folder} no longer contains {', '.join(missing)}. Restore a backup.")
        if kind == "real":
            _keep_to_owner(folder)
        return cls(folder, kind, home_id)

    @property
    def is_demo(self) -> bool:
        """Say whether every child in it is made up."""
        return self.kind == "demo"

    def find_default_day(self, now: datetime) -> date | None:
        """Return the day that is used unless somebody names one: the clock's, or None in a demo.

        A demo uses the end of its data, whenever it is shown.
        """
        return None if self.is_demo else now.astimezone().date()

    @property
    def store(self) -> Path:
        """Return the folder of the store's versions and CURRENT."""
        return self.folder / "store"

    @property
    def vault(self) -> Path:
        """Return the folder of the sealed identities and of the key that only seals them."""
        return self.folder / "vault"

    @property
    def log(self) -> Path:
        """Return the folder of the access log."""
        return self.folder / "log"

    @property
    def notebooks(self) -> Path:
        """Return the folder of people's own notebooks, which are code; it may be absent."""
        return self.folder / "notebooks"

    @property
    def ledger(self) -> Path:
        """Return the folder of receipts of erasures."""
        return self.folder / "ledger"


def create_demo(folder: Path, rng: random.Random = SYSTEM_RANDOM) -> Home:
    """Make a home for made-up children at `folder`, which must be absent or empty.

    Keys are found by the random `home_id`.  With a seeded `rng` two homes share it, and
    the second needs a folder of keys of its own; so seed it in tests only.
    A folder that a crash left half made may be used again.
    """
    return _create(folder, "demo", rng, lambda _: None)


def create_real(folder: Path, fill: Callable[[Home], None]) -> Home:
    """Make a home for real children at `folder`, which must be absent or empty.

    `fill` is called with the home before it counts as one, to put in what a home must have; if it
    raises, no home is left behind.  HomeError means that the folder is copied elsewhere or cannot
    be used.
    """
    refuse_shared(folder)
    return _create(folder, "real", SYSTEM_RANDOM, fill)


def _create(folder: Path, kind: Kind, rng: random.Random, fill: Callable[[Home], None]) -> Home:
    folder = folder.absolute()
    home = Home(folder, kind, generate_id(rng))
    try:
        if folder.exists() and not _is_unused(folder):
            raise HomeError(f"{folder} is not empty. Name a new folder.")
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)
        for name in _FOLDERS:
            (folder / name).mkdir(mode=FOLDER_MODE, exist_ok=True)
        fill(home)
        # last, so that a folder with this file is whole
        description = f'kind = "{home.kind}"\nhome_id = "{home.home_id}"\nlayout = {LAYOUT}\n'
        write_private(folder / _DESCRIPTION, description.encode("ascii"))
    except OSError as error:
        raise HomeError(f"No folder can be made at {folder}: {error.strerror}.") from error
    return home


def _keep_to_owner(folder: Path) -> None:
    """Refuse a folder that is copied elsewhere; close one that others reach, as after a copy."""
    refuse_shared(folder)
    if is_reached_by_others(folder):  # what is inside is reached through it only
        folder.chmod(FOLDER_MODE)


def _parse_kind(description: dict[str, object], path: Path) -> Kind:
    match description.get("kind"):
        case "demo" | "real" as kind:
            return kind
        case _:
            raise _build_damage_error(path)


def _is_unused(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    for entry in folder.iterdir():
        if entry.name == _DESCRIPTION + ".new":
            continue
        if entry.name not in _FOLDERS or not entry.is_dir() or any(entry.iterdir()):
            return False
    return True


def _build_damage_error(path: Path) -> HomeError:
    return HomeError(f"{path} is damaged. Restore it from a backup.")
