"""A made-up school whose report is asked for, and answers to all that it must be told."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.report import make
from dashboard.report.content.facts import Kind
from dashboard.report.content.model import Document
from safeguards.access import access
from safeguards.access.access import Session
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued
from safeguards.keys.keys import Keys

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def session(folder: Path, role: str = "head", as_at: date | None = None) -> Session:
    """A session that was opened for a report."""
    return access.open(folder, purpose=access.REPORT, actor="Kim", role=role, as_at=as_at)


def answer_questions(
    held: Session, kind: Kind = "termly", keys: Iterable[str] | None = None, text: str = ""
) -> None:
    """Answer every question, or these, with this text or the example that stands beside it."""
    prepared = make.prepare(held, kind)
    drafts = Drafts(held.home, Keys.load(held.home))
    for each in prepared.answers:
        if keys is None or each.prompt.key in keys:
            drafts.save_answer(
                each.prompt.key,
                prepared.term["first_day"],
                text or each.prompt.example,
                actor="Kim",
                now=NOW,
            )


def made(held: Session, kind: Kind = "termly", *, is_final: bool = False) -> dict[str, bytes]:
    """The files of a report."""
    return make.build_report(make.prepare(held, kind), is_final=is_final)


def issued(held: Session, kind: Kind = "termly") -> Issued:
    """A report that went out; its files are made up, since nothing asks what is in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "build_files", _make_up_files)
        prepared = make.prepare(held, kind)
        return make.issue(held, prepared, make.build_report(prepared, is_final=True), now=NOW)


def _make_up_files(documents: Sequence[Document]) -> dict[str, bytes]:
    parts = [each.part.lower().replace(" ", "-") for each in documents]
    return {f"{part}.{end}": part.encode() for part in parts for end in ("docx", "pdf")}
