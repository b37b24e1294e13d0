"""Tables that schools have: what is proposed for each, and what is asked."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest

from intake.map.apply import apply_mapping
from intake.map.mapping import MappingError, SourceTable, parse_mapping, serialise_mapping
from intake.map.propose import Proposal, propose_mapping
from intake.read.csv_source import CsvSource, read_csv
from intake.read.mapped import complete_mapping, read_body
from intake.spelling import spell_value

EXAMPLES = Path(__file__).with_name("examples")
#: See there what each says.
TABLES = Path(__file__).parents[2] / "golden" / "own_tables.toml"
Known = dict[str, Any]


def read_tables() -> list[Known]:
    """The tables, with the children's UPNs in place of their names."""
    text = TABLES.read_text("utf-8").replace("ORLA", "U012200121004")
    found: list[Known] = tomllib.loads(text.replace("NED", "N012200120017"))["table"]
    return found


def proposed(known: Known, answers: dict[str, str]) -> tuple[Proposal, CsvSource]:
    """What is proposed for a table, by the separator that shows a table of ours."""
    text = known.get("text") or (EXAMPLES / known["example"]).read_text("utf-8")
    sources = list(read_csv(text.encode(), known["name"]))
    found = [(propose_mapping(source.head, answers), source) for source in sources]
    return next((each for each in found if each[0].header), found[0])


def judged(known: Known) -> str:
    """right, asked (more than it had to), or wrong: taken for something else without asking."""
    answers = known.get("questions", {})
    first, _ = proposed(known, {})
    last, source = proposed(known, answers)
    has_asked_right = {each.key for each in first.questions} == answers.keys()
    if "file" not in known:
        is_none = last.mapping is None and bool(last.why_not)
        return "right" if is_none and has_asked_right else "asked" if last.questions else "wrong"
    if last.questions:
        return "asked"
    if last.mapping is None or last.header is None:
        return "wrong"
    mapping = complete_mapping(last, source)
    assert mapping is not None
    kept = parse_mapping(serialise_mapping(mapping))
    assert kept == mapping
    with pytest.raises(MappingError, match="it says date_fromm"):
        parse_mapping('date_fromm = "day first"\n' + serialise_mapping(mapping))
    body = read_body(source, last.header, "UPN")
    rows = apply_mapping(SourceTable(last.header, body.rows), kept, source.digest)
    export = last.mapping.export
    shown, *says = csv.reader(known["says"].splitlines())
    said = [
        [spell_value(export.get_column(name), row[name]) for name in shown]
        for row in rows.head(len(says)).iter_rows(named=True)
    ]
    is_right = (
        (last.mapping.file, last.mapping.layout) == (known["file"], known.get("layout", "rows"))
        and dict(last.mapping.columns) == known["columns"]
        and said == says
    )
    if not is_right:
        return "wrong"
    return "right" if has_asked_right else "asked"


@pytest.mark.parametrize("known", read_tables(), ids=lambda each: each["name"])
def test_what_is_proposed_is_right_and_what_cannot_be_seen_is_asked(known: Known) -> None:
    assert judged(known) == "right"
