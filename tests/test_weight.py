"""The project keeps to its budget of lines."""

from pathlib import Path

import pytest

from tests.support import weight


def test_the_lines_are_within_the_budget() -> None:
    """Source and tests stay below their budgets; take something out before you add."""
    source, tests = weight.sum_lines(weight.count_lines(weight.list_files()))
    assert source <= weight.MOST_SOURCE_LINES, weight.describe_weight()
    assert tests <= weight.MOST_TEST_LINES, weight.describe_weight()


def test_rows_count_as_lines_and_published_facts_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of ours is counted like code; a published code list, or a page, is not."""
    monkeypatch.setattr(weight, "ROOT", tmp_path)
    names = [
        "queries/contract/columns.csv",
        "queries/reference/bank_holiday.csv",
        "docs/formats.md",
        "tests/spec/test_one.py",
        "tests/golden/duties.txt",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a line\nanother\n", encoding="utf-8")
    lines = weight.count_lines(names)
    assert lines == {"queries": 2, "tests/spec": 2}
    assert weight.sum_lines(lines) == (2, 2)


def test_a_crowded_folder_is_asked_about_and_refused_nowhere() -> None:
    """The thirteenth module makes the table ask a question; nothing fails."""
    names = [f"dashboard/ui/part{number}.py" for number in range(weight.MANY_MODULES)]
    assert weight.list_crowded_folders(names) == []
    (question,) = weight.list_crowded_folders([*names, "dashboard/ui/one_more.py"])
    assert question == "dashboard/ui has 13 modules: is it two subjects?"
