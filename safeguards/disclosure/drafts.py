"""The words that people write for a report, kept sealed from one report to the next.

Each answer belongs to a prompt and to a reporting term, and the last one counts.  No answer belongs
to a child: the check of the words asks that none points to one.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from safeguards.errors import SealedLinesError
from safeguards.journal.journal import Journal, to_record

#: The most characters of an answer.
MAX_ANSWER_LENGTH = 4_000

_PROMPT = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Blanks that word processors put in; they mean the same as a plain one.
_BLANKS = str.maketrans(dict.fromkeys("\t\u00a0\u2007\u202f", " "))


@dataclass(frozen=True)
class Draft:
    """One answer to one prompt.

    `term` is the first day of the reporting term.  `text` is as `clean_text` returns it; it is
    empty if somebody chose to say nothing, and is then not shown beside a later answer.  ValueError
    means a prompt that is no key, or a time without its zone.
    """

    prompt: str
    term: date
    text: str = field(repr=False)
    actor: str
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the time of an answer must know its zone")
        if not _PROMPT.fullmatch(self.prompt):
            raise ValueError("an answer names its prompt by a key")


def clean_text(text: str) -> str:
    """Return a text as it is kept: one spelling of accents, plain blanks, no blank edges."""
    lines = unicodedata.normalize("NFC", text).translate(_BLANKS).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def check_text(text: str) -> str | None:
    """Return why an answer cannot be kept, in words for its writer; None if it can be."""
    kept = clean_text(text)
    if len(kept) > MAX_ANSWER_LENGTH:
        return (
            f"The answer has {len(kept):,} characters. Shorten the answer to {MAX_ANSWER_LENGTH:,}."
        )
    for number, line in enumerate(kept.split("\n"), start=1):
        if not line.isprintable():
            return f"Line {number} contains a hidden character. Delete the line and type it again."
    return None


class Drafts(Journal):
    """The answers of one home, as they were when it was opened and with those added since."""

    FILE = "drafts.sealed"

    def list_all(self) -> tuple[Draft, ...]:
        """Return every answer, also those that a later one has replaced, oldest first."""
        return msgspec.convert(self.records, tuple[Draft, ...])

    def find_by_term(self, term: date) -> dict[str, Draft]:
        """Return the last answer to each prompt in this term, by the prompt; empty ones too."""
        return {draft.prompt: draft for draft in self.list_all() if draft.term == term}

    def find_earlier(self, term: date) -> dict[str, Draft]:
        """Return the newest answer of an earlier term by prompt, to show beside this term's.

        A prompt whose newest answer is empty has none.
        """
        earlier = (draft for draft in self.list_all() if draft.term < term)
        last = {draft.prompt: draft for draft in sorted(earlier, key=lambda draft: draft.term)}
        return {prompt: draft for prompt, draft in last.items() if draft.text}

    def save_answer(
        self, prompt: str, term: date, text: str, *, actor: str, now: datetime
    ) -> Draft:
        """Keep an answer; when this returns, it is on the disk.

        The same words again are not written twice: the answer stays as it was, with its actor and
        time.  SealedLinesError means that `check_text` refuses the text, or is as in
        `open_for_append`.
        """
        if problem := check_text(text):
            raise SealedLinesError(problem)
        draft = Draft(prompt, term, clean_text(text), actor, now)
        with self.open_for_append() as write:
            current = self.find_by_term(term).get(prompt)
            if current is not None and current.text == draft.text:
                return current
            write(to_record(draft))
        return draft

    def forget_replaced(self) -> None:
        """Erase every answer that a later one has replaced, since somebody took those words out."""
        self.load()
        kept = set({(draft.prompt, draft.term): draft for draft in self.list_all()}.values())
        self.rewrite(lambda record: record if msgspec.convert(record, Draft) in kept else None)
