"""The questions of the report to people, section by section, and the answers so far.

`prompts.csv` has a row for each question: all those that the DfE's guidance and virtual schools'
templates ask.  Figures come from the program, and judgement comes from people, in their answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from dashboard.text import words
from queries.rows import read_rows
from safeguards.disclosure.drafts import Draft, Drafts

#: The sections of a report in order, with the heading of each if no figure is its heading.
SECTIONS: Mapping[str, str] = words.TEXTS["report"]
#: The separator of lines in an example.
_NEW_LINE = " | "


@dataclass(frozen=True)
class Prompt:
    """A row of `prompts.csv`.

    `part` is "one" or "two", the document with its answer.  `kinds` are the reports that ask it.
    `follows` is the prompt whose answer of an earlier term is shown beside it, mostly itself.
    `is_for_several` says that it is asked only if there are enough children for figures.  Without
    an answer to one that `is_required` no report is final.  `title` begins the answer.
    """

    key: str
    section: str
    part: str
    kinds: tuple[str, ...]
    follows: str
    is_for_several: bool
    is_required: bool
    title: str
    question: str
    example: str


@dataclass(frozen=True)
class Answer:
    """The answer to a prompt.

    `draft` is None if nobody has written for this term.  `before` is the latest answer of an
    earlier term, shown beside it and in no report.  `typed` is a text that is not saved yet.
    """

    prompt: Prompt
    draft: Draft | None = None
    before: Draft | None = None
    typed: str | None = None

    @property
    def text(self) -> str:
        """Return the words, or "" if there are none."""
        if self.typed is not None:
            return self.typed
        return self.draft.text if self.draft else ""


def replace_text(answer: Answer, text: str) -> Answer:
    """Return the answer with the text that somebody is typing."""
    return answer if text == answer.text else replace(answer, typed=text)


@cache
def load_prompts() -> tuple[Prompt, ...]:
    """Load all prompts, in the order of the report."""
    return tuple(
        Prompt(
            **{name: row[name] for name in ("key", "section", "part", "title", "question")},
            kinds=tuple(row["kinds"].split()),
            follows=row["follows"] or row["key"],
            is_for_several=row["is_for_several"] == "true",
            is_required=row["is_required"] == "true",
            example=row["example"].replace(_NEW_LINE, "\n"),
        )
        for row in read_rows("dashboard.report.content", "prompts")
    )


def select_prompts(kind: str, *, is_counted: bool, is_first: bool) -> tuple[Prompt, ...]:
    """Return the prompts of a kind of report, in its order.

    Args:
        kind: The kind of report.
        is_counted: Whether the report has figures of duties.
        is_first: Whether no report was made before, so that nothing is carried over.

    """
    return tuple(
        prompt
        for prompt in load_prompts()
        if kind in prompt.kinds
        and is_counted >= prompt.is_for_several
        and not (is_first and prompt.follows != prompt.key)
    )


def collect_answers(selected: Iterable[Prompt], drafts: Drafts, term: date) -> tuple[Answer, ...]:
    """Return the answer to each prompt in the term with this first day, and the earlier one."""
    this_term, earlier = drafts.find_by_term(term), drafts.find_earlier(term)
    return tuple(
        Answer(prompt, this_term.get(prompt.key), earlier.get(prompt.follows))
        for prompt in selected
    )


def find_missing(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Return the missing answers without which no report is final."""
    return tuple(answer for answer in answers if answer.prompt.is_required and not answer.text)


def describe_missing(answers: Iterable[Answer]) -> str:
    """Say how far a report is from its final form, or return "" if nothing is missing."""
    number = len({answer.prompt.section for answer in find_missing(answers)})
    if number == 0:
        return ""
    sections, verb = words.format_count(number, "section"), "needs" if number == 1 else "need"
    return f"{sections} {verb} your comments before the report is final. You can make a draft now."
