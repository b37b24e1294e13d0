"""What the report asks of people, section by section, and what they have answered so far.

`prompts.csv` holds the questions, a row each: the union of what the DfE's guidance and virtual
schools' templates ask.  Figures are the tool's; judgement is a person's, and stands where a
prompt asks for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from dashboard.text import words
from queries.rows import read_rows
from safeguards.disclosure.drafts import Draft, Drafts

#: The sections of a report, in its order, and what each is called where no figure heads it.
SECTIONS: Mapping[str, str] = words.TEXTS["report"]
#: Stands between the lines of an example.
_NEW_LINE = " | "


@dataclass(frozen=True)
class Prompt:
    """One row of `prompts.csv`.

    part: "one" or "two", the document in which its answer stands.  kinds: of the report in
    which it is asked.  follows: the prompt whose answer of an earlier term stands beside it,
    mostly itself.  is_for_several: it is asked where there are enough children for figures.
    is_required: no report is final without an answer.  title: what begins the answer.
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
    """What stands under a prompt.

    draft: None where nobody has written for this term.  before: the last answer of an earlier
    term, which stands beside it and in no report.  typed: what somebody is typing in its place.
    """

    prompt: Prompt
    draft: Draft | None = None
    before: Draft | None = None
    typed: str | None = None

    @property
    def text(self) -> str:
        """The words, empty where there are none."""
        if self.typed is not None:
            return self.typed
        return self.draft.text if self.draft else ""


def replace_text(answer: Answer, text: str) -> Answer:
    """Return the answer with another text, as somebody is typing it."""
    return answer if text == answer.text else replace(answer, typed=text)


@cache
def load_prompts() -> tuple[Prompt, ...]:
    """Every prompt there is, in the order of the report."""
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
    """What stands under each prompt in a term, named by its first day, and beside it."""
    this_term, earlier = drafts.find_by_term(term), drafts.find_earlier(term)
    return tuple(
        Answer(prompt, this_term.get(prompt.key), earlier.get(prompt.follows))
        for prompt in selected
    )


def find_missing(given: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers without which no report is final."""
    return tuple(each for each in given if each.prompt.is_required and not each.text)


def describe_missing(given: Iterable[Answer]) -> str:
    """How far a report is from its final form; empty when all is answered."""
    number = len({each.prompt.section for each in find_missing(given)})
    if number == 0:
        return ""
    sections, verb = words.format_count(number, "section"), "needs" if number == 1 else "need"
    return f"{sections} {verb} your comments before the report is final. You can make a draft now."
