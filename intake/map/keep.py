"""The mappings of a school, kept in its home as `mappings/*.toml`, one for a kind of table."""

from collections.abc import Sequence
from pathlib import Path

from intake.map.mapping import Mapping, MappingError, parse_mapping, serialise_mapping
from safeguards.files import write_private

_FOLDER = "mappings"


def load_mappings(home_folder: Path) -> list[Mapping]:
    """The mappings of a home, in the order of their names; none where there is no home.

    MappingError that names the file if one cannot be read.
    """
    return [mapping for _, mapping in _list_kept(home_folder)]


def save_mapping(home_folder: Path, mapping: Mapping) -> Path:
    """Keep a mapping, in place of an earlier one for the same kind of table."""
    kept = list(_list_kept(home_folder))
    same = [path for path, each in kept if each.signature == mapping.signature]
    path = same[0] if same else _find_free_name(home_folder, mapping, [each for each, _ in kept])
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_private(path, serialise_mapping(mapping).encode())
    return path


def _list_kept(home_folder: Path) -> list[tuple[Path, Mapping]]:
    found = []
    for path in sorted((home_folder / _FOLDER).glob("*.toml")):
        try:
            found.append((path, parse_mapping(path.read_text(encoding="utf-8"))))
        except (MappingError, OSError, UnicodeDecodeError) as error:
            raise MappingError(f"The mapping {path.name} cannot be used: {error}.") from error
    return found


def _find_free_name(home_folder: Path, mapping: Mapping, taken: Sequence[Path]) -> Path:
    stem = mapping.file.removesuffix(".csv")
    for number in range(1, len(taken) + 2):
        path = home_folder / _FOLDER / f"{stem}-{number}.toml"
        if path not in taken:
            break
    return path
