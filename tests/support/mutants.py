"""Change one token of the code at random, and see whether the tests of its room notice.

`python -m tests.support.mutants 200 --seed 7` draws 200 changes over queries/, intake/ and
dashboard/text, tries each in a copy of the last commit, and prints those that survived. A change
is tried with the nearest tests first, and with all tests of its room if those pass.
"""

import argparse
import io
import re
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
#: The code that is changed, and the tests of each room.
_ROOMS = {
    "queries": ("tests/spec", "tests/queries"),
    "intake": ("tests/intake",),
    "dashboard/text": ("tests/dashboard",),
}
#: What a token becomes. A token is found only where it stands alone.
# fmt: off
_CHANGES = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "=": "<>", "<>": "=",
    "+": "-", "-": "+", "and": "or", "or": "and", "not": "", "any": "all", "all": "any",
    "min": "max", "max": "min", "True": "False", "False": "True", "0": "1", "1": "2",
    "left join": "inner join", "is null": "is not null", "is not null": "is null",
    "union all": "union", "desc": "asc", "first": "last", "last": "first",
}
# fmt: on
_SQL_TOKEN = re.compile(
    r"--[^\n]*|'[^']*'|\"[^\"]*\""  # comments and texts
    r"|left join|is not null|is null|union all|[<>!=]=|<>|[a-z_]\w*|\d+|\S"
)
#: Signs that mean something else in the language: keyword arguments, types, macros.
_NOT_IN_PYTHON = {"=", "<>", "first", "last", "min", "max"}


@dataclass(frozen=True)
class Mutant:
    """One token of one file, at a place in its text, and what it becomes."""

    file: str
    start: int
    token: str

    def apply(self, text: str) -> str:
        """Return the text of the file with the token changed."""
        return text[: self.start] + _CHANGES[self.token] + text[self.start + len(self.token) :]

    def describe(self, text: str) -> str:
        """Return file, line, change, and the line itself."""
        number = text.count("\n", 0, self.start) + 1
        line = text.splitlines()[number - 1].strip()
        return f"{self.file}:{number}: {self.token} -> {_CHANGES[self.token] or '(none)'}: {line}"


def list_mutants(file: str, text: str) -> list[Mutant]:
    """Return every change that can be made to a file, none of it in a comment or a text."""
    tokens = _read_python(text) if file.endswith(".py") else _read_sql(text)
    return [Mutant(file, start, token) for start, token in tokens if token in _CHANGES]


def _read_sql(text: str) -> Iterator[tuple[int, str]]:
    for match in _SQL_TOKEN.finditer(text):
        yield match.start(), match.group()


def _read_python(text: str) -> Iterator[tuple[int, str]]:
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_code = token.type in (tokenize.OP, tokenize.NAME, tokenize.NUMBER)
        if is_code and token.string not in _NOT_IN_PYTHON:
            yield lines[token.start[0] - 1] + token.start[1], token.string


def draw_mutants(number: int, seed: int) -> list[Mutant]:
    """Return so many changes, each in another file as far as there are files."""
    rng, files = Random(seed), list[str]()
    for room in _ROOMS:
        paths = (path for path in (ROOT / room).rglob("*") if path.suffix in {".py", ".sql"})
        files += sorted(path.relative_to(ROOT).as_posix() for path in paths)
    by_file = {file: list_mutants(file, (ROOT / file).read_text("utf-8")) for file in files}
    changeable = [file for file in files if by_file[file]]
    chosen: list[Mutant] = []
    while len(chosen) < number:
        chosen += (rng.choice(by_file[file]) for file in rng.sample(changeable, len(changeable)))
    return chosen[:number]


def find_tests(file: str, tests: Path) -> list[list[str]]:
    """Return the tests to try a change with: the nearest, then all of the room."""
    room = next(room for room in _ROOMS if file.startswith(f"{room}/"))
    stem = Path(file).stem
    names = {f"test_{stem}.py", f"test_{stem.removeprefix('int_')}.py"}
    nearest = sorted(
        path.relative_to(tests.parent).as_posix()
        for folder in _ROOMS[room]
        for path in (tests.parent / folder).rglob("test_*.py")
        if path.name in names
    )
    return [nearest, list(_ROOMS[room])] if nearest else [list(_ROOMS[room])]


def is_noticed(mutant: Mutant, copy: Path, seconds: int) -> bool:
    """Return whether a test fails, or runs out of time, with the change made in the copy."""
    path = copy / mutant.file
    text = path.read_text("utf-8")
    path.write_text(mutant.apply(text), "utf-8")
    try:
        for tests in find_tests(mutant.file, copy / "tests"):
            command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests]
            done = subprocess.run(
                command, cwd=copy, capture_output=True, timeout=seconds, check=False
            )
            if done.returncode != 0:
                return True
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_text(text, "utf-8")
    return False


def main() -> None:
    """Draw the changes, try each, and print the survivors and how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=900, help="for the tests of one change")
    options = parser.parse_args()
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], check=True)
        for number, mutant in enumerate(draw_mutants(options.number, options.seed), 1):
            if is_noticed(mutant, copy, options.seconds):
                continue
            survived += 1
            line = mutant.describe((copy / mutant.file).read_text("utf-8"))
            print(f"{number}: survived: {line}", flush=True)  # noqa: T201 - this is a command
    noticed = options.number - survived
    print(f"{noticed} of {options.number} noticed, {survived} survived")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
