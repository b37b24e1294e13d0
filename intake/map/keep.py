"""Keep the mappings of a school in its home as `mappings/*.toml`, one for each kind of table.

A mapping that was edited by hand is not read until the lead has confirmed it, because it decides
what a sign in a register means.
"""

import os
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Environ
from pathlib import Path

from intake.map.mapping import Mapping, MappingError, parse_mapping, serialise_mapping
from safeguards.home.home import Home
from safeguards.keys.heads import MAPPINGS, Heads
from safeguards.keys.keys import Keys


def load_mappings(home_folder: Path, environ: Environ[str, str] = os.environ) -> list[Mapping]:
    """Return the mappings of a home, in the order of their names, or none if there is no home.

    Raise MappingError, which names the file, if one cannot be read, and ProofError if one has
    changed since it was kept.
    """
    paths = _list_paths(home_folder)
    return (
        [mapping for _, mapping in _read_all(paths, _open_heads(home_folder, environ))]
        if paths
        else []
    )


def save_mapping(
    home_folder: Path, mapping: Mapping, environ: Environ[str, str] = os.environ
) -> Path:
    """Keep a mapping, and replace an earlier one for the same kind of table."""
    heads = _open_heads(home_folder, environ)
    kept = list(_read_all(_list_paths(home_folder), heads))
    same = [path for path, other in kept if other.signature == mapping.signature]
    path = same[0] if same else _find_free_name(home_folder, mapping, [other for other, _ in kept])
    path.parent.mkdir(mode=0o700, exist_ok=True)
    heads.write(path, serialise_mapping(mapping).encode())
    return path


def _open_heads(home_folder: Path, environ: Environ[str, str]) -> Heads:
    return Keys.load(Home.open(home_folder), environ).heads


def _list_paths(home_folder: Path) -> list[Path]:
    return sorted((home_folder / MAPPINGS).glob("*.toml"))


def _read_all(paths: Iterable[Path], heads: Heads) -> Iterable[tuple[Path, Mapping]]:
    for path in paths:
        try:
            yield path, parse_mapping(heads.read(path).decode("utf-8"))
        except (MappingError, OSError, UnicodeDecodeError) as error:
            reason = error if isinstance(error, MappingError) else "it cannot be read"
            raise MappingError(f"The mapping {path.name} cannot be used: {reason}.") from error


def _find_free_name(home_folder: Path, mapping: Mapping, taken: Sequence[Path]) -> Path:
    stem = mapping.file.removesuffix(".csv")
    for number in range(1, len(taken) + 2):
        path = home_folder / MAPPINGS / f"{stem}-{number}.toml"
        if path not in taken:
            break
    return path
