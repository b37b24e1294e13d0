"""British spelling, by codespell and its list of American ones, on screens and in what is read."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from tests.support import texts

_ROOT = Path(__file__).parents[3]
_PAGES = sorted([*_ROOT.glob("*.md"), *(_ROOT / "docs").glob("**/*.md")])
_SCREENS = sorted(
    path
    for part in ("dashboard", "cli", "intake", "stewardship", "safeguards")
    for path in (*(_ROOT / part).rglob("*.py"), *(_ROOT / part).rglob("words.toml"))
)
#: Words that British English has as well.
_BOTH = {"program", "dialog", "dialogs", "story", "stories", "routing", "math"}
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)


def _load_american() -> dict[str, str]:
    """By American word, the British one."""
    listed = files("codespell_lib") / "data" / "dictionary_en-GB_to_en-US.txt"
    pairs = (line.split("->") for line in listed.read_text(encoding="utf-8").splitlines())
    found = {us.strip(): gb for gb, many in pairs for us in many.split(",") if us.strip()}
    return {us: gb for us, gb in found.items() if us not in _BOTH}


_AMERICAN = _load_american()


def _find_american(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+", text.lower()) if word in _AMERICAN]


def test_texts_on_screens_and_pages_to_read_are_spelled_as_in_britain() -> None:
    shown = {
        path: [text for text in texts.list_texts(path) if " " in text and "\\" not in text]
        for path in _SCREENS
    }
    shown |= {path: [_CODE.sub(" ", path.read_text(encoding="utf-8"))] for path in _PAGES}
    faults = {str(path): _find_american("\n".join(found)) for path, found in shown.items()}
    assert {path: found for path, found in faults.items() if found} == {}


def test_codespell_finds_no_slip_on_screens_or_pages() -> None:
    paths = [*map(str, _PAGES), str(_ROOT / "dashboard"), str(_ROOT / "queries")]
    command = [sys.executable, "-m", "codespell_lib", "--toml", str(_ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*command, "--builtin", "clear", *paths], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_the_reader_of_spelling_finds_what_it_looks_for() -> None:
    assert _find_american("The color of the center is organized") == [
        "color",
        "center",
        "organized",
    ]
    assert _find_american("Colour, centre and organised") == []
