"""The pages for people: what follows from the code is up to date, and what they show exists."""

import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from docs import generate
from tests.support import pictures

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
COMMANDS = dict(generate.list_commands())
_MOST_LINES_OF_README = 120
#: Before GitHub and others make a heading an address.
_DROPPED = re.compile(r"[^\w\- ]")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name == "metrics.md" else [])
        for name in generate.PAGES
    ],
)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """Run `python -m docs.generate` after a change of what it is made from."""
    there = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert there == generate.PAGES[name]()


def test_the_readme_is_short_and_leads_on() -> None:
    """Two commands, and a link to every other page that people are to find."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= _MOST_LINES_OF_README
    missing = [name_of(page) for page in PAGES if f"({name_of(page)})" not in text]
    assert missing == ["README.md"]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_link_leads_somewhere(page: Path) -> None:
    """To a file of this checkout, and to a heading of it."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        name, _, heading = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), target
        if heading:
            lines = found.read_text(encoding="utf-8").splitlines()
            titles = [line.lstrip("# ").lower() for line in lines if line.startswith("#")]
            assert heading in {_DROPPED.sub("", title).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_names_of_the_code_is_there(page: Path) -> None:
    """A folder, a module or a file by its path, as long as it is one of ours."""
    if page.name == "CHANGELOG.md":
        return
    rooms = "queries|safeguards|intake|stewardship|synthetic|dashboard|cli|notebooks|tests|docs"
    text = page.read_text(encoding="utf-8")
    for path in re.findall(rf"`((?:{rooms})/[\w./*-]*)`", text):
        assert list(ROOT.glob(path.rstrip("/"))), path


def test_each_step_of_a_walk_through_the_code_is_there() -> None:
    """ARCHITECTURE.md lists them by module and function, in three walks."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    walks = text.partition("## Three walks")[2].partition("\n## ")[0]
    steps = re.findall(r"^\| `([\w.]+)` \|", walks, re.MULTILINE)
    assert len(steps) > 20
    for step in steps:
        assert callable(pkgutil.resolve_name(step)), step


def options_of(command: Any) -> set[str]:
    return {name for each in command.params for name in (*each.opts, *each.secondary_opts)}


SHOWN = list(generate.list_shown_commands())


def test_a_command_that_is_shown_exists() -> None:
    """With each option that it is given, and all that it needs."""
    for path, line, place in SHOWN:
        command = COMMANDS[path]
        given = set(re.findall(r"(?<!\S)--[\w-]+", re.sub(r'"[^"]*"', '""', line)))
        assert given <= options_of(command), (place, line)
        if not getattr(command, "commands", None):
            asked = [each.opts for each in command.params if each.required]
            needed = [names for names in asked if names[0][0] == "-"]
            assert [names for names in needed if not given & set(names)] == [], (place, line)


def test_every_command_is_shown_somewhere() -> None:
    """In a guide, with what it is good for; the table of commands takes its example from there."""
    groups = {path[:1] for path in COMMANDS if len(path) > 1}
    assert COMMANDS.keys() - groups - {path for path, _, _ in SHOWN} == set()


def test_each_test_that_the_counts_name_is_there() -> None:
    """None is renamed or taken away without its line there."""
    text = (ROOT / "tests" / "COUNTS.md").read_text(encoding="utf-8")
    there = {path.name for path in (ROOT / "tests").rglob("*.py")}
    named = set(re.findall(r"\btest_[a-z_]+\.py", text))
    assert len(named) > 30
    assert named - there == set()


def test_each_promise_of_security_has_its_proof_and_each_attack_its_promise() -> None:
    """A test that attacks proves something that SECURITY.md promises, or it goes."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[a-z_/]+[.]py)`", text))
    assert all((ROOT / name).is_file() for name in named)
    attacks = [
        *(ROOT / "tests/proofs/attacks").glob("*.py"),
        *(ROOT / "tests/proofs/crashes").glob("*.py"),
    ]
    assert {path.relative_to(ROOT).as_posix() for path in attacks} <= named


def test_each_picture_is_one_of_the_command_small_and_shown_with_its_words() -> None:
    """1280 wide and under 120 kB, on one page, with what is to be seen on it."""
    shown = [
        (words_of, (page.parent / target).resolve())
        for page in PAGES
        for words_of, target in re.findall(
            r"!\[([^\]]+)\]\(([^)]+)\)", page.read_text(encoding="utf-8")
        )
    ]
    made = [pictures.FOLDER / f"{name}.png" for name in pictures.PICTURES]
    assert sorted(path for _, path in shown) == sorted(made) == sorted(pictures.FOLDER.iterdir())
    for path in made:
        with Image.open(path) as picture:
            assert picture.width == 1280
        assert path.stat().st_size < 120_000
    assert min(len(words_of) for words_of, _ in shown) >= 60
