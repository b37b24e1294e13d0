"""The cast's stories, counted by hand: the marts list just these."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from queries.store.store import Store
from synthetic.cast.cast import CAST
from tests.support.schools.homes import cast_handles, demo_home, open_store

FIRST_DAY = Path(__file__).parents[2] / "docs" / "first-day.md"
HAND = Path(__file__).parents[1] / "golden" / "cast.txt"


def read_questions() -> dict[tuple[str, str], list[list[str]]]:
    """By day and question, what is told of each child."""
    found: dict[tuple[str, str], list[list[str]]] = {}
    answers: list[list[str]] = []
    for line in HAND.read_text(encoding="utf-8").splitlines():
        if line.startswith("? "):
            _, day, question = line.split(" ", 2)
            answers = found.setdefault((day, question), [])
        elif line and not line.startswith("#"):
            answers.append([cell.strip() for cell in line.split("|")])
    return found


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, str]]]:
    """A made-up school's store, by the rules that ship; and the cast by handle."""
    home = demo_home(tmp_path_factory.mktemp("cast") / "home", years=3)
    with closing(open_store(home)) as store:
        yield store, {handle: name for name, handle in cast_handles(home).items()}


@pytest.mark.parametrize(("day", "question"), read_questions())
def test_the_marts_tell_the_stories_and_no_more(
    school: tuple[Store, dict[str, str]], day: str, question: str
) -> None:
    """Each row of a child of the cast was counted, and nothing is told of another."""
    store, names = school
    asked, table = question.split(" from ", 1)
    rows = store.read(f"select handle, {asked} from {table}", as_at=date.fromisoformat(day))
    told = [
        [names[handle], *("" if value is None else _write(value) for value in values)]
        for handle, *values in rows.iter_rows()
        if handle in names
    ]
    expected = read_questions()[day, question]
    width = max(map(len, told))
    assert sorted(told) == sorted([*row, *[""] * (width - len(row))] for row in expected)


def _write(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_stories_are_those_of_the_cast(school: tuple[Store, dict[str, str]]) -> None:
    """All twelve are in the school, and nothing was counted of anybody else."""
    told = {child for rows in read_questions().values() for child, *_ in rows}
    assert told < set(school[1].values())
    assert len(school[1]) == len(CAST) == 12


def test_the_first_day_says_of_the_cast_what_the_demo_shows(
    school: tuple[Store, dict[str, str]],
) -> None:
    """Year group and sessions missed of each child in the table of docs/first-day.md."""
    query = """
        select members.handle, members.year_group, years.absent_sessions, years.possible_sessions
        from cohort_member as members inner join pupil_attendance as years using (pupil_key)
        where years.academic_year = '2026/27'
    """
    shown = school[0].read(query, as_at=date(2026, 11, 20)).iter_rows()
    known = {handle: (str(group), f"{part} of {whole}") for handle, group, part, whole in shown}
    told = re.findall(
        r"^\| (\w+ \w+) \| (\d) \| .* \| (\d+ of \d+) \|$", FIRST_DAY.read_text(), re.MULTILINE
    )
    assert len(told) == 3
    assert {handle: tuple(rest) for handle, *rest in told}.items() <= known.items()
