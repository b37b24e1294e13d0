"""The words that people write for a report, kept sealed from one report to the next.

Each answer belongs to a prompt and to a reporting term, and the last one holds.  No answer
belongs to a child: the words check asks that none points to one.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from safeguards.errors import SealedLinesError
from safeguards.journal.journal import Journal, to_record

#: An answer's characters.
MAX_ANSWER_LENGTH = 4_000

_PROMPT = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Blanks that word processors put in; nobody means another sign by them.
_BLANKS = str.maketrans(dict.fromkeys("\t\u00a0\u2007\u202f", " "))


@dataclass(frozen=True)
class Draft:
    """One answer to one prompt.

    term: the first day of the reporting term.  text: as `clean_text` gives it; empty where
    somebody chose to say nothing, which stands beside no later answer.  ValueError for a prompt
    that is no key, or a time without its zone.
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
    """A text as it is kept: one spelling of accents, plain blanks, no blank edges."""
    lines = unicodedata.normalize("NFC", text).translate(_BLANKS).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def check_text(text: str) -> str | None:
    """Why an answer cannot be kept, in words for its writer; None if it can be."""
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
    """The answers of one home, as they were when it was opened and with what it added."""

    FILE = "drafts.sealed"

    def list_all(self) -> tuple[Draft, ...]:
        """Every answer, also those that a later one has replaced, oldest first."""
        return msgspec.convert(self.records, tuple[Draft, ...])

    def find_by_term(self, term: date) -> dict[str, Draft]:
        """The last answer to each prompt in this term, by the prompt's key; empty ones too."""
        return {each.prompt: each for each in self.list_all() if each.term == term}

    def find_earlier(self, term: date) -> dict[str, Draft]:
        """What stands beside this term's answers: the newest of an earlier term, by prompt.

        Nothing of a prompt whose newest answer is empty.
        """
        earlier = (each for each in self.list_all() if each.term < term)
        last = {each.prompt: each for each in sorted(earlier, key=lambda each: each.term)}
        return {prompt: each for prompt, each in last.items() if each.text}

    def save_answer(
        self, prompt: str, term: date, text: str, *, actor: str, now: datetime
    ) -> Draft:
        """Keep an answer; when this returns, it is on the disk.

        The same words again are not written twice: the answer stays as it was, with its
        actor and time.  SealedLinesError for what `check_text` refuses, and as of
        `open_for_append`.
        """
        if why := check_text(text):
            raise SealedLinesError(why)
        draft = Draft(prompt, term, clean_text(text), actor, now)
        with self.open_for_append() as write:
            current = self.find_by_term(term).get(prompt)
            if current is not None and current.text == draft.text:
                return current
            write(to_record(draft))
        return draft

    def forget_replaced(self) -> None:
        """Erase every answer that a later one has replaced: words that somebody took out."""
        self.load()
        kept = set({(each.prompt, each.term): each for each in self.list_all()}.values())
        self.rewrite(lambda record: record if msgspec.convert(record, Draft) in kept else None)
