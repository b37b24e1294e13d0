"""A made-up school whose report is asked for, and answers to all that it must be told."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.report import make
from dashboard.report.content.facts import Kind
from safeguards.access import access
from safeguards.access.access import Session
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued
from safeguards.keys.keys import Keys

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def session(folder: Path, role: str = "head", as_at: date | None = None) -> Session:
    """A session that was opened for a report."""
    return access.open(folder, purpose=access.REPORT, actor="Kim", role=role, as_at=as_at)


def answered(held: Session, kind: Kind = "termly", keys: Iterable[str] | None = None) -> None:
    """Answer every question, or these, with the example that stands beside it."""
    prepared = make.prepare(held, kind)
    drafts = Drafts(held.home, Keys.load(held.home))
    for each in prepared.answers:
        if keys is None or each.prompt.key in keys:
            drafts.save_answer(
                each.prompt.key,
                prepared.term["first_day"],
                each.prompt.example,
                actor="Kim",
                now=NOW,
            )


def made(held: Session, kind: Kind = "termly", *, is_final: bool = False) -> dict[str, bytes]:
    """The files of a report."""
    return make.build_report(held, make.prepare(held, kind), is_final=is_final)


def issued(held: Session, kind: Kind = "termly") -> Issued:
    """A report that went out."""
    prepared = make.prepare(held, kind)
    return make.issue(held, prepared, make.build_report(held, prepared, is_final=True), now=NOW)
