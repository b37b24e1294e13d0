"""What a family or a child took back: its rows go, by a load and by what is typed."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from intake.publish.retired import drop_withdrawn
from queries import reference
from queries.contract import VOLUNTARY_TABLES
from tests.support.schools.good_exports import GOOD, MORE
from tests.support.schools.small_home import SmallHome

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)


def choices(*rows: tuple[int, str, str, str | None]) -> pl.DataFrame:
    """Choices by child, item, day given and day taken back."""
    names = ("pupil_key", "item", "choice_date", "taken_back_date")
    days = ("choice_date", "taken_back_date")
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col(days).str.to_date(), source_id=1
    )


def test_what_was_given_anew_stands() -> None:
    """Of one kind the choice that was made last counts."""
    given = choices(
        (1, "sdq", "2025-09-01", "2026-01-05"),
        (1, "sdq", "2026-09-01", None),
        (2, "sdq", "2025-09-01", "2026-01-05"),
        (2, "health", "2025-09-01", None),
    )
    scores = pl.DataFrame({"pupil_key": [1, 2, 3]})
    left = drop_withdrawn({"raw_choice": given, "raw_sdq": scores, "raw_health": scores})
    assert left["raw_sdq"]["pupil_key"].to_list() == [1, 3]
    assert left["raw_health"].equals(scores)


def test_only_rows_of_that_kind_and_child_go() -> None:
    """And a line that its child wished away, with the row that says so."""
    rows = {
        "raw_choice": choices((1, "sdq", "2025-09-01", "2026-01-05")),
        "raw_sdq": pl.DataFrame({"pupil_key": [1, 1, 2]}),
        "raw_health": pl.DataFrame({"pupil_key": [1, 2]}),
        "raw_words": pl.DataFrame(
            {
                "pupil_key": [1, 1, 2],
                "words_date": [date(2026, 9, 7)] * 3,
                "line": ["break is loud", "break is loud", "break is loud"],
                "taken_out_date": [None, date(2026, 10, 5), None],
            }
        ),
    }
    kept = drop_withdrawn(rows)
    assert {name: frame["pupil_key"].to_list() for name, frame in kept.items()} == {
        "raw_choice": [1],
        "raw_sdq": [2],
        "raw_health": [1, 2],
        "raw_words": [2],
    }


def test_each_kind_that_is_given_by_choice_can_be_taken_back() -> None:
    """The list of the file is that of the registry."""
    assert set(reference.read("choice_item")["code"]) == set(VOLUNTARY_TABLES)


@pytest.mark.slow
def test_what_is_typed_as_taken_back_is_gone_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scores that files brought, and a line in the child's own words: no raw row is left."""
    home = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", home.environ["LAC_KEYS"])
    home.load(GOOD | {name: MORE[name] for name in ("choices.csv", "own_words.csv")})

    def add(file: str, **values: str) -> None:
        assert home.add_fact(file, values).problems == ()

    def count(table: str) -> dict[str, int]:
        return Counter(row["child"] for row in home.rows(table))

    before = count("raw_sdq")
    assert before == {"Ann": 2, "Ben": 2}
    choice = {"date": "2026-09-07", "item": "sdq", "given_by": "carer"}
    add("choices.csv", **choice, taken_back="2026-11-17")
    assert count("raw_sdq") == {"Ben": 2}
    line = {"date": "2026-11-10", "setting": "PEP", "line": "break is too loud for me"}
    words = count("raw_words")
    add("own_words.csv", **line)
    assert count("raw_words")["Ann"] == words["Ann"] + 1
    add("own_words.csv", **line, taken_out="2026-11-17")
    assert count("raw_words") == words
