"""A made-up school whose report is asked for, and answers to all that it must be told."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.report import make
from dashboard.report.content.facts import Kind
from safeguards import disclosure
from safeguards.access import access
from safeguards.access.access import Session
from safeguards.disclosure import Release
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Issued
from safeguards.keys.keys import Keys

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def gate() -> Iterator[Callable[..., Release]]:
    """The gate's own answer, kept for who asks the very same again: it hangs on nothing else.

    Many tests of a file begin with a copy of one home, and solving takes longer than a page.
    What a test is given is the gate that solves each time.
    """
    found: dict[str, Release] = {}
    solve = disclosure.publish

    def publish(*groups: Any, **given: Any) -> Release:
        asked = repr((groups, sorted(given.items())))
        if asked not in found:
            found[asked] = solve(*groups, **given)
        return found[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disclosure, "publish", publish)
        yield solve


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
                prepared.facts.term_from,
                each.prompt.example,
                actor="Kim",
                now=NOW,
            )


def made(held: Session, kind: Kind = "termly", *, is_final: bool = False) -> dict[str, bytes]:
    """The files of a report."""
    return make.build_files(make.build_documents(make.prepare(held, kind), is_final=is_final))


def issued(held: Session, kind: Kind = "termly") -> Issued:
    """A report that went out."""
    prepared = make.prepare(held, kind)
    files = make.build_files(make.build_documents(prepared, is_final=True))
    return make.issue(held, prepared, make.add_certificate(prepared, files, is_final=True), now=NOW)
