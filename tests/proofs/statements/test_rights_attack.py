"""What somebody learns of a child who is erased, restricted, objects or is corrected: nothing.

A term is reported on; then the child's data change; then its report is made again, and the
next term's is made.  The control is a gate that remembers nothing.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard.report import make
from dashboard.report.content import figures
from dashboard.report.content.facts import LOOKED_AFTER
from queries import read
from safeguards.access.access import Session
from safeguards.disclosure.releases import Releases
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import NOW, answered, issued, session
from tests.support.sizes import size

pytestmark = pytest.mark.slow

_TERM, _AGAIN, _NEXT = date(2026, 7, 10), date(2026, 7, 14), date(2026, 11, 20)
Change = Callable[[pl.DataFrame, str], pl.DataFrame]


def drop(rows: pl.DataFrame, child: str) -> pl.DataFrame:
    """Without the child."""
    return rows.filter(pl.col("pupil_id") != child)


def alter(column: str, value: object) -> Change:
    """Sets a column of the child, where the rows have it."""

    def altered(rows: pl.DataFrame, child: str) -> pl.DataFrame:
        if column not in rows.columns:
            return rows
        is_child = pl.col("pupil_id") == child
        return rows.with_columns(
            pl.when(is_child).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
        )

    return altered


#: What becomes of the child's rows of report_child and report_absence.
_CHANGES: dict[str, Change] = {
    "erase": drop,
    "restrict": drop,
    "object": drop,
    "rectify": alter("suspended", "suspended"),
    "correct": alter("absent_sessions", 1),
    "re-load": alter("possible_sessions", 90),
}


def test_a_change_of_one_child_shows_in_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: sizes.Count
) -> None:
    """In the same term nothing changes; the next term's report has the old one as printed."""
    rng, cases = sizes.rng("statements.rights"), size("statements.rights")
    pupils, absences = read.fetch_report_pupils, read.fetch_report_absences
    broken = control = 0
    for case in range(cases):
        seed, children = rng.choice((7, 8, 9)), rng.choice((24, 40))
        folder = demo_home(tmp_path / f"{case}", seed=seed, children=children, years=2)
        monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
        held = session(folder, as_at=_TERM)
        answered(held)
        printed = issued(held).figures
        Releases(held.home, Keys.load(held.home)).withdraw(1, at=NOW, actor="Kim")
        rows = pupils(held).filter(pl.col("cohort") == LOOKED_AFTER).sort("pupil_id")
        child = rng.choice(rows["pupil_id"].to_list())
        own = dict(rows.select("pupil_id", "absent_sessions").iter_rows())[child]
        change = _CHANGES[rng.choice(sorted(_CHANGES))]

        def alter_rows(
            fetch: Callable[[Session], pl.DataFrame], change: Change = change, child: str = child
        ) -> Callable[[Session], pl.DataFrame]:
            return lambda reader: change(fetch(reader), child)

        with monkeypatch.context() as patch:
            patch.setattr(read, "fetch_report_pupils", alter_rows(pupils))
            patch.setattr(read, "fetch_report_absences", alter_rows(absences))
            again = make.prepare(session(folder, as_at=_AGAIN), "termly")
            later = make.prepare(session(folder, as_at=_NEXT), "termly")
            forgetful = recompute(session(folder, as_at=_TERM))
        broken += again.release != printed or later.facts.earlier != (printed.certificate,)
        before = printed.certificate.sums[LOOKED_AFTER].missed
        control += before is not None and before - (forgetful or 0) in {own, own - 1}
    count("statements.rights", cases, broken, control)
    assert broken == 0
    assert control >= cases / 3


def recompute(held: Session) -> int | None:
    """The control: the term's sum worked out anew, as if it had never been printed."""
    term = read.fetch_report_term(held)
    assert term is not None
    release = figures.publish_figures(held, "termly", term, [], b"key")
    return release.certificate.sums[LOOKED_AFTER].missed
