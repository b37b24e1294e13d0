"""A made-up school whose report is asked for, and answers to all that it must be told."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.report import make
from dashboard.report.content.model import Document
from dashboard.report.make import PreparedReport
from safeguards.access import access
from safeguards.access.access import Session
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued
from safeguards.keys.keys import Keys

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def session(folder: Path, role: str = "head", as_at: date | None = None) -> Session:
    """A session that was opened for a report."""
    return access.open(folder, purpose=access.REPORT, actor="Kim", role=role, as_at=as_at)


def prepare(held: Session, kind: str = "termly") -> PreparedReport:
    """The report on the newest term; of an annual one, on the newest school year that is over."""
    choices = [
        choice
        for choice in make.list_choices(held)
        if bool(choice.period.term) == (kind == "termly") and (choice.period.term or choice.is_over)
    ]
    return make.prepare(held, choices[0])


def answer_questions(
    held: Session, kind: str = "termly", keys: Iterable[str] | None = None, text: str = ""
) -> None:
    """Answer every question, or these, with this text or the example that stands beside it."""
    prepared = prepare(held, kind)
    drafts = Drafts(held.home, Keys.load(held.home))
    for answer in prepared.answers:
        if keys is None or answer.prompt.key in keys:
            words = text or answer.prompt.example
            key, first_day = answer.prompt.key, prepared.first_day
            drafts.save_answer(key, first_day, words, actor="Kim", now=NOW)


def made(held: Session, kind: str = "termly", *, is_final: bool = False) -> dict[str, bytes]:
    """The files of a report."""
    keys = Keys.load(held.home)
    return make.build_report(prepare(held, kind), keys, is_final=is_final)


def issued(held: Session, kind: str = "termly") -> Issued:
    """A report that went out; its files are made up, since nothing asks what is in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "build_files", _make_up_files)
        prepared = prepare(held, kind)
        files = make.build_report(prepared, Keys.load(held.home), is_final=True)
        return make.issue(held, prepared, files, now=NOW)


def _make_up_files(documents: Sequence[Document]) -> dict[str, bytes]:
    parts = [document.part.lower().replace(" ", "-") for document in documents]
    return {f"{part}.{end}": part.encode() for part in parts for end in ("docx", "pdf")}
