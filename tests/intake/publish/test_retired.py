"""A category whose time is over goes by itself, the rest of the child stays, and nothing
brings it back: no load, no typed entry, no step back, no new definitions, no backup."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from typer.testing import Result

from intake.problems import IntakeError
from intake.publish.entries import log_action
from intake.publish.load import rebuild_store, undo_load
from intake.publish.retired import compute_cutoffs, compute_last_days, drop_expired, is_expired
from safeguards.access import access
from safeguards.errors import BackupError, RightsError
from safeguards.journal.ledger import UNFINISHED, Erasure, Ledger
from safeguards.journal.typed_entries import Entry, TypedEntries
from safeguards.vault.records import LookUp, PupilRecord
from stewardship.retention.schedule import FILE
from stewardship.rights import erase
from stewardship.rights.restrict import set_flag
from tests.support import commands
from tests.support.hostile.markers import is_in
from tests.support.schools.backup_scene import Scene
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, added
from tests.support.schools.homes import edit
from tests.support.schools.leaver import NOW, ON, home_with_a_leaver, who_came_back, with_a_leaver
from tests.support.schools.school_rows import SchoolRows
from tests.support.schools.small_home import SmallHome

CODE = "0A1B2C3D4E"
OTHER = "1B2C3D4E5F"

# Which rows are past


def pupils() -> pl.DataFrame:
    return pl.DataFrame({"pupil_id": [CODE, OTHER], "pupil_key": [1, 2]})


def rows(table: str, column: str, *days: str | None) -> dict[str, pl.DataFrame]:
    """One row a day, of the first child; null without a day."""
    frame = pl.DataFrame({"pupil_key": [1] * len(days), column: list(days)})
    return {table: frame.with_columns(pl.col(column).cast(pl.String).str.to_date())}


def left_of(table: str, column: str, *days: str | None, last_day: str) -> list[date | None]:
    past = {(CODE, table): ON}
    known = {CODE: date.fromisoformat(last_day)}
    left = drop_expired(rows(table, column, *days), pupils(), known, past)[table]
    return left[column].to_list()


def test_of_a_child_who_is_gone_nothing_of_the_table_is_left() -> None:
    """Neither what was booked ahead, nor a period without an end."""
    days = ("2025-07-18", "2027-01-10", None)
    assert left_of("raw_health", "health_date", *days[:2], last_day="2025-07-18") == []
    assert left_of("raw_care_episode", "end_date", *days, last_day="2025-07-18") == []


def test_of_a_child_who_came_back_what_is_dated_later_counts() -> None:
    """The day that the schedule went by is past, the next is not; a period counts by its end."""
    there = ("2025-07-18", "2026-11-20", "2026-11-21")
    assert left_of("raw_mark", "session_date", *there, last_day="2026-11-21") == [
        date(2026, 11, 21)
    ]
    episodes = ("2026-11-20", "2026-11-21", None)
    assert left_of("raw_care_episode", "end_date", *episodes, last_day="2026-11-21") == [
        date(2026, 11, 21),
        None,
    ]
    assert left_of("raw_mark", "session_date", *there, last_day="2026-11-20") == []


def test_other_children_and_other_tables_stay() -> None:
    marks = pl.DataFrame({"pupil_key": [1, 2], "session_date": [date(2025, 7, 18)] * 2})
    there = {"raw_mark": marks, "raw_pep": rows("raw_pep", "pep_date", "2025-07-18")["raw_pep"]}
    left = drop_expired(
        there, pupils(), {}, {(CODE, "raw_mark"): ON, ("9Z9Z9Z9Z9Z", "raw_pep"): ON}
    )
    assert left["raw_mark"]["pupil_key"].to_list() == [2]
    assert left["raw_pep"].height == 1


def test_a_stay_without_an_end_is_known_to_last_as_long_as_the_data_do() -> None:
    """So the roll of an old backup does not say that a child is still here."""
    stays = pl.DataFrame(
        {
            "pupil_key": [1, 1, 2],
            "entry_date": [date(2023, 9, 1), date(2025, 9, 1), date(2027, 1, 4)],
            "leaving_date": [date(2025, 7, 18), None, None],
        }
    )
    assert compute_last_days(stays, pupils(), ON) == {CODE: ON, OTHER: date(2027, 1, 4)}


def test_the_last_day_that_the_schedule_went_by_counts() -> None:
    """Of two erasures in part; whole ones are none, and a child may have another code now."""
    look_up = LookUp("upn", "0" * 64)
    first = Erasure(NOW, CODE, (look_up,), "retention", ("raw_mark", "raw_sdq"), ON)
    second = Erasure(NOW, CODE, (look_up,), "retention", ("raw_mark",), date(2027, 9, 1))
    whole = Erasure(NOW, OTHER, (), "request")
    now_called = PupilRecord(OTHER, "copper lantern", (look_up,), "", "")
    assert compute_cutoffs([second, first, whole], [now_called]) == {
        (code, table): day
        for code in (CODE, OTHER)
        for table, day in (("raw_mark", date(2027, 9, 1)), ("raw_sdq", ON))
    }


@pytest.mark.parametrize(
    ("file", "values", "is_gone", "is_back"),
    [
        ("sdq.csv", {"date": "2026-11-20"}, True, True),
        ("sdq.csv", {"date": "2026-11-21"}, True, False),
        ("care_episodes.csv", {"start": "2020-01-01", "end": "2026-11-20"}, True, True),
        ("care_episodes.csv", {"start": "2020-01-01"}, True, False),
        ("pep.csv", {"date": "2020-01-01"}, False, False),
    ],
)
def test_what_was_typed_is_past_as_a_row_is(
    file: str, values: dict[str, str], is_gone: bool, is_back: bool
) -> None:
    past = {(CODE, "raw_sdq"): ON, (CODE, "raw_care_episode"): ON}
    entry = Entry(OTHER, NOW, "Sam", "dsl", "fact", CODE, file, values, "x")
    assert is_expired(entry, {CODE: ON}, past) == is_gone
    assert is_expired(entry, {CODE: date(2026, 11, 21)}, past) == is_back


@pytest.mark.parametrize(
    ("file", "day", "is_gone", "is_back"),
    [
        ("sdq.csv", "2026-11-20", True, True),
        ("sdq.csv", "2026-11-21", True, False),
        ("sdq.csv", "", True, False),
        ("pep.csv", "2026-11-20", False, False),
    ],
)
def test_a_waiver_is_past_as_the_row_that_it_is_about(
    file: str, day: str, is_gone: bool, is_back: bool
) -> None:
    """A row without a day of its own may be of any."""
    values = {"file_name": file, "day": day}
    entry = Entry(OTHER, NOW, "Sam", "dsl", "waiver", CODE, "", values)
    assert is_expired(entry, {CODE: ON}, {(CODE, "raw_sdq"): ON}) == is_gone
    assert is_expired(entry, {CODE: date(2026, 11, 21)}, {(CODE, "raw_sdq"): ON}) == is_back


def test_a_load_brings_nothing_of_it_back(tmp_path: Path) -> None:
    """Its files still hold the rows; what is dated later, and other children's, is taken."""
    school = SchoolRows(tmp_path)
    school.load(with_a_leaver())
    pupil_id = str(school.of(CAT, "pupil_id", "raw_pupil")[0][0])
    there = {table: school.rows[table].height for table in ("raw_mark", "raw_sdq", "raw_pep")}
    past = dict.fromkeys([(pupil_id, "raw_mark"), (pupil_id, "raw_sdq")], ON)
    kept = SchoolRows(tmp_path / "again")
    kept.vault, kept.cutoffs = school.vault, past
    kept.load(with_a_leaver())
    assert {table: kept.rows[table].height for table in there} == {
        "raw_mark": there["raw_mark"] - 2,
        "raw_sdq": there["raw_sdq"] - 1,
        "raw_pep": there["raw_pep"],
    }
    kept.load(who_came_back())
    assert kept.of(CAT, "session_date", "raw_mark") == [("2026-11-23",)]
    assert kept.of(CAT, "sdq_date", "raw_sdq") == [("2026-11-23",)]


# A home


SCHEDULE = """\
category,tables,keep_school_years,then,source,is_verified
attendance,raw_mark,0,delete,a test,true
school record,raw_pupil raw_enrolment raw_suspension raw_flagged_row,0,delete,a test,true
care,raw_care_episode,25,review,a test,true
wellbeing,raw_sdq raw_health,0,delete,a test,true
plans,raw_ehcp raw_pep,25,delete,a test,true
typed,raw_action raw_restriction raw_objection,0,delete,a test,true
"""
TABLES = ("raw_mark", "raw_suspension", "raw_sdq", "raw_health", "raw_action")
KEPT = ("raw_pupil", "raw_enrolment", "raw_care_episode", "raw_pep", "raw_ehcp")
#: The files with another meeting of Cat, dated while she was here.
MORE = added("pep.csv", f"{CAT},2025-06-25,held,,,", with_a_leaver())


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHome]:
    """The home with a leaver, and a schedule of its own."""
    made = home_with_a_leaver(tmp_path)
    monkeypatch.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
    edit(made.folder / FILE, made.keys, SCHEDULE)
    yield made
    access.release_stores()


def retire(small: SmallHome, *tables: str) -> str:
    """Take Cat's rows of these tables out; of all whose time is over by default."""
    record = small.find(CAT)
    return erase_in_part(small, {record.pupil_id: tables or TABLES})


def erase_in_part(small: SmallHome, tables: dict[str, tuple[str, ...]]) -> str:
    return erase.erase_pupils(
        *(small.home, small.keys, [small.find(CAT)]),
        why="retention",
        now=NOW,
        actor="Sam",
        role="manager",
        partial_tables=tables,
        through=ON,
    )


def rebuild(small: SmallHome) -> None:
    rebuild_store(small.home, finish_erasures=erase.finish_erasures)


def of_cat(small: SmallHome, *tables: str) -> dict[str, int]:
    """How many rows of each table the version in use has about Cat; none left out."""
    query = f"""
        select count(*) from {{}}
        semi join (from raw_pupil where pupil_id = '{small.find(CAT).pupil_id}') using (pupil_key)
    """
    found = small.answers({table: query.format(table) for table in tables or TABLES})
    return {table: number for table, [(number,)] in found.items() if number}


def typed(small: SmallHome) -> list[str]:
    """What is typed about Cat, by file; "" for an action."""
    entries = TypedEntries.open(small.home, small.keys).list_entries()
    return [entry.file for entry in entries if entry.pupil_id == small.find(CAT).pupil_id]


def lac(small: SmallHome, *arguments: object, answer: str | None = None) -> Result:
    return commands.lac(*arguments, "--home", small.folder, answer=answer)


@pytest.mark.slow
def test_what_is_due_goes_and_the_rest_is_as_it_was(small: SmallHome) -> None:
    """Shown first, by category and with its reason; then asked, deleted and certified."""
    record = small.find(CAT)
    before = {table: small.rows(table) for table in (*TABLES[:-1], *KEPT)}
    assert of_cat(small).keys() == set(TABLES)
    shown = lac(small, "retention", "plan").stdout
    assert shown.endswith(
        f"{record.handle} will be deleted in part. Identity and contacts stay in the vault until "
        "all is deleted. Left on 2025-07-18.\n"
        "- attendance, 2 rows go: kept until 2025-08-31\n"
        "- school record, 2 rows go: kept until 2025-08-31\n"
        "- school record, 2 rows stay: until the last category is deleted, and the whole "
        "child with it\n"
        "- care, 1 row stays: kept until 2050-08-31\n"
        "- wellbeing, 4 rows go: kept until 2025-08-31\n"
        "- plans, 2 rows stay: kept until 2050-08-31\n"
        "- typed, 1 row goes: kept until 2025-08-31\n"
    )
    refused = lac(small, "retention", "run", answer="yes\n")
    assert refused.stderr.endswith("Nothing was deleted.\n")
    done = lac(small, "retention", "run", answer="delete 1\n")
    assert done.exit_code == 0, done.stderr
    for table, there in before.items():
        goes = table in TABLES
        kept = [row for row in there if not (goes and row["child"] == "Cat")]
        assert (len(kept) < len(there)) == goes
        assert small.rows(table) == kept, table
    assert typed(small) == ["pep.csv"]
    assert small.find(CAT) == record
    assert record.handle not in set(small.open().read("from check_gap")["handle"])
    (certificate,) = (small.folder / "ledger").glob("retention-*.txt")
    text = certificate.read_text("utf-8")
    assert "erased in part on " in text
    assert "`attendance`: 0 school years after the year of leaving, then delete" in text
    assert "to the schedule on 2026-11-18: 1. The rest about these children is kept" in text
    for line in ("raw_mark: 2", "raw_sdq: 2", "typed entries: 2"):
        assert f"- {line}\n" in text
    assert "raw_pep" not in text
    for name in (record.pupil_id, record.handle, "Smith", "Cat"):
        assert name not in text
    assert "There is nothing to delete." in lac(small, "retention", "run").stdout


@pytest.mark.slow
def test_a_child_who_comes_back_while_it_asks_loses_nothing(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else loads the new roll between the question and the answer."""

    def slowly(_: str) -> str:
        small.load(who_came_back())
        return "delete 1"

    monkeypatch.setattr("typer.prompt", slowly)
    assert "because the data has changed." in lac(small, "retention", "run").stderr
    assert of_cat(small).keys() == set(TABLES)


@pytest.mark.slow
def test_when_the_last_category_is_due_the_child_goes_whole(small: SmallHome) -> None:
    """After the others have gone before it."""
    retire(small)
    schedule = SCHEDULE.replace("25,review", "1,delete").replace("25,delete", "1,delete")
    edit(small.folder / FILE, small.keys, schedule)
    record = small.find(CAT)
    shown = lac(small, "retention", "run", answer="delete 1\n").stdout
    assert (
        f"{record.handle} will be deleted completely, with identity and contacts in the vault."
        in shown
    )
    assert set(small.handles()) == {"Ann", "Ben"}
    assert is_in(small.folder, record.pupil_id, but=("log",)) == []
    entries = Ledger.open(small.home, small.keys).list_entries()
    assert [isinstance(each, Erasure) and each.is_whole for each in entries] == [False, True]


@pytest.mark.slow
def test_no_load_brings_it_back_and_it_says_so(small: SmallHome) -> None:
    """The files still hold the rows; all that is new is taken, and Cat stays in scope."""
    retire(small)
    outcome = small.load(MORE)
    rules = [rule for each in outcome.accounts for rule in each.rules if "schedule" in rule.rule]
    assert sum(rule.number for rule in rules) == 6
    assert outcome.children == 3
    assert of_cat(small) == {}
    assert of_cat(small, *KEPT) == {
        "raw_pupil": 1,
        "raw_enrolment": 1,
        "raw_care_episode": 1,
        "raw_pep": 3,
    }
    said = lac(small, "load", small.write(GOOD | MORE | {"school.csv": GOOD["school.csv"] + "\n"}))
    left_out = r"rows? left out: the retention schedule has deleted"
    numbers = re.findall(rf"(\d+) {left_out}", said.stdout)
    assert sum(map(int, numbers)) == 6


@pytest.mark.slow
def test_no_step_back_and_no_new_definitions_bring_it_back(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right after it there is nothing to undo; after a later load there is, without the rows."""
    small.load(MORE)
    retire(small)
    with pytest.raises(IntakeError, match="no earlier version"):
        undo_load(small.home)
    small.load(added("pep.csv", f"{CAT},2025-06-26,held,,,", with_a_leaver()))
    undo_load(small.home)
    assert of_cat(small) == {}
    before = small.path
    with monkeypatch.context() as patched:
        patched.setattr("queries.views.views.compute_definitions_digest", lambda: "0" * 64)
        rebuild(small)
    assert small.path != before
    assert of_cat(small) == {}


@pytest.mark.slow
def test_what_is_past_cannot_be_typed_again(small: SmallHome) -> None:
    """Neither a fact nor an action; what is kept can."""
    retire(small)
    handle = small.find(CAT).handle

    def fact(file: str, **values: str) -> str | None:
        return small.add_fact(file, values, handle=handle, now=NOW).entry_id

    with pytest.raises(IntakeError, match="retention schedule has deleted"):
        fact("sdq.csv", date="2025-06-09", informant="carer", total="13")
    with pytest.raises(IntakeError, match="retention schedule has deleted"):
        log_action(small.open(), handle=handle, kind="other", line="x", now=NOW)
    assert fact("pep.csv", date="2025-06-30", outcome="held")
    assert typed(small) == ["pep.csv", "pep.csv"]
    assert of_cat(small, "raw_pep") == {"raw_pep": 3}


@pytest.mark.slow
def test_who_comes_back_has_new_rows_again(small: SmallHome) -> None:
    """The old ones stay away, and one may type about the child."""
    retire(small, *TABLES, "raw_care_episode")
    small.load(with_a_leaver() | {"school.csv": GOOD["school.csv"] + "\n"})
    assert of_cat(small, *KEPT) == {"raw_pupil": 1, "raw_enrolment": 1, "raw_pep": 2}
    # the afternoon too, so that the day counts as the last of the data
    marks = "\n".join(f"{each},2026-11-23,PM,\\" for each in (ANN, BEN, CAT))
    assert small.load(added("attendance.csv", marks, who_came_back()), now=NOW).problems == ()
    there = {
        table: [row for row in small.rows(table) if row["child"] == "Cat"]
        for table in (*TABLES[:-1], "raw_care_episode")
    }
    assert [row["session_date"] for row in there["raw_mark"]] == [date(2026, 11, 23)] * 2
    assert [row["sdq_date"] for row in there["raw_sdq"]] == [date(2026, 11, 23)]
    assert [row["health_date"] for row in there["raw_health"]] == [date(2027, 1, 11)]
    assert [row["known_since"] for row in there["raw_care_episode"]] == [date(2023, 9, 1)]
    assert there["raw_suspension"] == []
    handle, on = small.find(CAT).handle, date(2026, 11, 23)
    assert handle in set(small.open().read("from cohort_member")["handle"])
    assert log_action(small.open(), handle=handle, kind="other", line="x", on=on, now=NOW).entry_id
    (small.home.ledger / UNFINISHED).touch()
    rebuild(small)
    assert of_cat(small) == {"raw_mark": 2, "raw_sdq": 1, "raw_health": 1, "raw_action": 1}
    assert typed(small) == ["pep.csv", ""]


@pytest.mark.slow
@pytest.mark.parametrize("step", ["after she left", "while she was here"])
def test_no_backup_brings_it_back(small: SmallHome, tmp_path: Path, step: str) -> None:
    """Not even one whose roll says that the child is here; it says what it does."""
    scene = Scene(tmp_path)
    scene.disk.mkdir()
    if step == "while she was here":
        files = with_a_leaver()
        small.load(files | {"roll.csv": files["roll.csv"].replace("18/07/2025", "")})
    assert of_cat(small).keys() == set(TABLES)
    file = scene.back_up(datetime(2026, 11, 22, tzinfo=UTC))
    if step == "while she was here":
        small.load(with_a_leaver())
    retire(small)
    shutil.rmtree(scene.folder)
    with pytest.raises(BackupError, match=r"since then apply again \(1\)"):
        scene.restore(file)
    restored = scene.restore(file, is_older_right=True)
    assert restored.erased == 0
    assert of_cat(small) == {}
    assert of_cat(small, *KEPT).keys() == {*KEPT} - {"raw_ehcp"}
    assert typed(small) == ["pep.csv"]
    assert len(small.versions) == 1


@pytest.mark.slow
def test_a_hold_stops_it_and_so_does_a_table_that_goes_with_the_child(small: SmallHome) -> None:
    """Nothing is written down as erased."""
    for tables in (("raw_mark", "raw_enrolment"), ()):
        with pytest.raises(RightsError, match="only with the whole"):
            erase_in_part(small, {small.find(CAT).pupil_id: tables})
    hold = ("retention", "hold", small.find(CAT).handle)
    assert lac(small, *hold).stdout == "There is a hold.\n"
    with pytest.raises(RightsError, match="There is a hold"):
        retire(small)
    entries = Ledger.open(small.home, small.keys).list_entries()
    assert not any(isinstance(each, Erasure) for each in entries)
    assert of_cat(small).keys() == set(TABLES)
    assert lac(small, *hold, "--lift").stdout == "There is no hold now.\n"
    retire(small)
    assert of_cat(small) == {}
    for role in ("pastoral", "teacher", "head", "none"):
        assert lac(small, "retention", "plan", "--role", role).exit_code == 2


@pytest.mark.slow
def test_a_restriction_guards_what_is_left(small: SmallHome) -> None:
    """The typed category goes; that nobody else may see the child does not."""
    record = small.find(CAT)
    set_flag(small.open("manager"), record.handle, "restriction", in_force=True, now=NOW)
    assert of_cat(small, "raw_restriction") == {"raw_restriction": 1}
    retire(small)
    small.load(MORE)
    assert of_cat(small, "raw_action", "raw_restriction") == {"raw_restriction": 1}
