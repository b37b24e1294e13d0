"""`lac bench`, and made-up data in the form that programs like best."""

from pathlib import Path

import polars as pl
import pytest

from synthetic.exports import write_school
from tests.support.commands import lac


@pytest.mark.slow
def test_every_program_gives_the_same_answers() -> None:
    """Also those that read what was worked out."""
    told = lac("bench", "--children", 40, "--years", 1, "--rounds", 1)
    rows = [line.split(" | ") for line in told.output.splitlines() if " ms | " in line]
    same = {(question.strip("| "), who): said.strip("| ") for question, who, *_, said in rows}
    assert {who for _, who in same} >= {"lac", "polars", "polars, worked out", "SQLite", "pandas"}
    assert set(same.values()) == {"True"}
    assert len(same) == 10
    assert "bytes a mark" in told.output


def test_parquet_has_the_rows_of_the_csv(tmp_path: Path) -> None:
    """All files, and none of them twice."""
    for form in ("", "parquet"):
        write_school(tmp_path / (form or "csv"), children=14, years=1, form=form)
    csv, parquet = (
        {path.stem: path for path in (tmp_path / form).iterdir()} for form in ("csv", "parquet")
    )
    assert csv.keys() == parquet.keys()
    for name, path in csv.items():
        rows = pl.read_parquet(parquet[name])
        assert rows.write_csv(quote_style="necessary") == path.read_text(encoding="utf-8")
