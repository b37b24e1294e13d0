"""The mappings of a school, kept in its home as `mappings/*.toml`, one for a kind of table.

One that was edited by hand is not read until the lead has confirmed it: it says what a sign
in a register means.
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
    """The mappings of a home, in the order of their names; none where there is no home.

    MappingError that names the file if one cannot be read, ProofError if it is not as it was
    kept.
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
    """Keep a mapping, in place of an earlier one for the same kind of table."""
    heads = _open_heads(home_folder, environ)
    kept = list(_read_all(_list_paths(home_folder), heads))
    same = [path for path, each in kept if each.signature == mapping.signature]
    path = same[0] if same else _find_free_name(home_folder, mapping, [each for each, _ in kept])
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
            why = error if isinstance(error, MappingError) else "it cannot be read"
            raise MappingError(f"The mapping {path.name} cannot be used: {why}.") from error


def _find_free_name(home_folder: Path, mapping: Mapping, taken: Sequence[Path]) -> Path:
    stem = mapping.file.removesuffix(".csv")
    for number in range(1, len(taken) + 2):
        path = home_folder / MAPPINGS / f"{stem}-{number}.toml"
        if path not in taken:
            break
    return path
