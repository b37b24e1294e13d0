"""What governors see: the game is won by nobody on statements, and by many on exact numbers."""

import html
import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.text import plain_words

_SCHOOLS = [(10, 1), (12, 3), pytest.param(24, 3, marks=pytest.mark.slow)]
Play = Callable[..., tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """What the notebook shows and finds for a school."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2] / "notebooks"))
        patch.delenv("LAC_HOME", raising=False)

        def run(size: int, seed: int) -> tuple[str, dict[str, Any]]:
            app = importlib.import_module("what_governors_see").app
            outputs, found = app.run(defs={"size": size, "seed": seed})
            shown = "\n".join(output.text for output in outputs if hasattr(output, "text"))
            text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", shown)))
            return text, dict(found)

        yield run


@pytest.mark.parametrize(("size", "seed"), _SCHOOLS)
def test_nobody_wins_on_statements_and_many_on_exact_numbers(
    play: Play, size: int, seed: int
) -> None:
    """The truth is among what is said, each answer is explained, and the control can lose."""
    text, found = play(size, seed)
    assert found["broken"] == 0
    assert found["broken_exactly"] > 0
    for at, (least, most) in found["said"].items():
        assert least <= found["exact"][at][0] <= most
    assert f"The best attackers: 0 of {len(found['everybody'])} find somebody" in text
    assert "may have a plan" in text
    assert "may have none" in text
    assert "Your score: 0 of 0 guesses right" in text


def test_its_words_are_plain(play: Play) -> None:
    text, _ = play(12, 3)
    assert plain_words.find_unexplained_acronyms(text) == []
