"""Count the lines of the project by room: `python -m tests.support.weight`.

Code and rows are counted alike, since each has to be read and kept right. Code lists, word
lists and examples are not: they are facts from elsewhere.
"""

import re
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: How many lines source and tests may have. What a capability adds, something else gives back.
MOST_SOURCE_LINES, MOST_TEST_LINES = 62_500, 55_750
#: How many modules a folder may have before the table asks whether it is two.
MANY_MODULES = 12

_COUNTED = {".py", ".sql", ".js", ".css", ".csv", ".toml", ".txt", ".json"}
_NOT_COUNTED = re.compile(
    r"reference/.*code|reference/bank_holiday|reference/national_line"  # published facts
    r"|words/|word_?list|/names"
    r"|tests/golden/|national/made_up/"  # answers by hand, and example files
    r"|^docs/"
)


def list_files() -> list[str]:
    """Return the path of every file that git tracks, relative to the project's folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def count_lines(names: list[str]) -> Counter[str]:
    """Return the number of counted lines in each room; a folder of tests is a room too."""
    lines: Counter[str] = Counter()
    for name in names:
        path = Path(name)
        if path.suffix in _COUNTED and not _NOT_COUNTED.search(name):
            depth = 2 if name.startswith("tests/") and len(path.parts) > 2 else 1
            room = "/".join(path.parts[:depth]) if len(path.parts) > 1 else "(top)"
            lines[room] += len((ROOT / name).read_bytes().splitlines())
    return lines


def sum_lines(lines: Counter[str]) -> tuple[int, int]:
    """Return the lines of source and of tests, from the lines of each room."""
    tests = sum(number for room, number in lines.items() if room.startswith("tests"))
    return lines.total() - tests, tests


def list_crowded_folders(names: list[str]) -> list[str]:
    """Return a question for each folder of source that has more than a dozen modules."""
    folders = Counter(
        str(Path(name).parent)
        for name in names
        if name.endswith(".py") and not name.endswith("__init__.py") and "tests/" not in name
    )
    return [
        f"{folder} has {number} modules: is it two subjects?"
        for folder, number in sorted(folders.items())
        if number > MANY_MODULES
    ]


def describe_weight() -> str:
    """Return the table of lines by room, the two sums, and the crowded folders."""
    names = list_files()
    lines = count_lines(names)
    source, tests = sum_lines(lines)
    rows = [f"{number:>7,}  {room}" for room, number in sorted(lines.items())]
    sums = [
        f"{source:>7,}  source, of {MOST_SOURCE_LINES:,}",
        f"{tests:>7,}  tests, of {MOST_TEST_LINES:,}",
    ]
    return "\n".join([*rows, *sums, *list_crowded_folders(names)])


if __name__ == "__main__":
    print(describe_weight())  # noqa: T201 - this is a command
