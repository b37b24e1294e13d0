r"""Each number of a governor report is true of the period that its sentence names.

Drawn histories are loaded, and their reports are made in order. Each sentence with a number, in
heading, body, table and minutes, has a pattern here. Its groups are named by what they say, and
the answer to each is counted by hand from the rows.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from dashboard.report.content.model import Bullets, Document, Heading, Paragraph, Table, format_cell
from queries import reference
from tests.proofs.report.by_hand import Share, Truth
from tests.proofs.report.drawn_history import History, Report, Term
from tests.support.schools.homes import keys_at
from tests.support.sizes import Count, rng, size

#: What is printed, and all that would be true.
Pair = tuple[object, set[object]]

_COLUMNS = ("due", "in_time", "late", "not_done", "not_recorded", "to_come", "before")
_KINDS = {"PEP meetings, one a term": "PEP", "First PEP meetings": "first",
          "Virtual School and social worker told of a suspension": "suspension",
          "Health and dental checks": "health", "SDQs by carers": "SDQ",
          "Steps of EHCPs": "EHCP"}  # fmt: skip
_SPENT = {"nearly all or all": (0.9, 9), "most": (0.6, 0.9), "about half": (0.4, 0.6),
          "less than half": (0, 0.4)}  # fmt: skip
#: Words that say a number without a figure.
_CLAIM = re.compile(r"\d|\b(?:no|none|all|fewer|every|some|nobody|most|half)\b", re.IGNORECASE)


def n(name: str, number: str = r"[\d,]+") -> str:
    """Return the pattern of a number that is named."""
    return f"(?P<{name}>{number})"


_NONE = r"[0-9,]+|No"
_FEW = r"[Nn]o|none|[Ff]ewer than 6|\d+"
_DAY = n("day", r"\d+ [A-Z][a-z]+ \d{4}")
_TIME = r"(?:autumn|spring|summer) term \d{4}|school year \d{4}/\d\d"
_P, _W = f"the {n('period', _TIME)}", f"the {n('when', _TIME)}"
_SHARE, _SCHOOL = n("share", r"\d+\.\d"), n("school", r"\d+\.\d")
_REST = "".join(rf"(?:(?:,| and) {n(f'PEP_{name}')} \w+ {words})?" for name, words in (
    ("late", "held late"), ("not_done", "not held"), ("not_recorded", "not recorded"),
    ("to_come", "still to come")))  # fmt: skip
_OPEN = rf"(?:, {n('KIND_before')} from before {_P})?(?:; {n('KIND_to_come')} \w+ still [a-z ]+)?\."
_COMING = rf"(?:, and {n('others_to_come')} \w+ still to come)?"
_BOTH = rf"{_SHARE}% \| (?:{_SCHOOL}%|not given)"
_RULES = [
    rf"{n('size_la', _FEW)} child\w* \w+ l\w+ after and {n('size_pla', _FEW)} child.* after\.?",
    rf"Looked after: {n('came_la', _FEW)} child\w* came and {n('left_la', _FEW)} left .* year\.",
    rf"Previously l.*: {n('came_pla', _FEW)} child.* came and {n('left_pla', _FEW)} left .* year\.",
    rf"{n('size_la', 'Nobody')} is looked after on {_DAY}\.",
    rf"The {n('open', _TIME)} is not over\.",
    rf"(?:Data|Duties are given) up to {_DAY}(?:, and totals are of whole terms only)?\.",
    rf"{n('PEP_due', 'No')} PEP meeting was due in {_P}\.?",
    rf"{n('PEP_in_time', 'No')} PEP meeting due in {_P} is recorded yet{n('PEP_late', '')}\.?",
    rf"All {n('PEP_all')} PEP meetings due in {_P} were held in time{_REST}\.?",
    rf"{n('PEP_in_time')} of {n('PEP_due')} PEP meetings due in {_P} were held in time{_REST}\.?",
    rf"{n('PEP_kept', 'All|Not all')} PEP meetings due in {_P}(?: by {_DAY})? were .* time\.?",
    rf"{n('first_kept', 'All|Not all')} first PEP meetings due in {_P}(?: by {_DAY})? were .*\.",
    rf"{n('reason_past', _NONE)} days? of absence .* reason{_OPEN}".replace("KIND", "reason"),
    rf"{n('support_past', _NONE)} reviews? .* day{_OPEN}".replace("KIND", "support"),
    rf"{n('reason_kept', 'Every|Some')} days? of absence (?:has a|have no) reason.*\.",
    rf"Others did {n('others_in_time')} of {n('others_due')} .* in time{_COMING}",
    rf"{n('others_due', 'No')} check, score or plan was due from others in {_P}",
    rf"The local authority's grades for the plans: {n('grades', '.*')}\.",
    rf"{_SHARE}% of sessions were missed in {_W}(?:, {_SCHOOL}% across the school)?\.?",
    rf"Children looked after missed {n('missed')} of {n('base')} sessions \({_SHARE}%\) in {_W}\.",
    rf"The register of {n('gap')} school days? of {_W} is not in our records, .* added up\.",
    rf"In England's primary schools, .* for 12 months missed {n('england', '.*')}\.",
    rf"Records of {_W} were corrected{n('corrected', '')} after a report first gave its totals\.",
    rf"£{n('planned')} of .* planned in {_W}(?:, and {n('spent', '[a-z ]+')} was spent)?\.?",
    rf"Governors received the .* on children looked after, {n('period', '.*')}\.",
    rf"Sessions missed by term: {n('when', '.*')} \| {n('missed')} \| {n('base')} \| {_BOTH}",
    *(rf"(?:The school's duties|Duties of others), {_P}: {name} \| "
      + r" \| ".join(n(f"{kind}_{cell}") for cell in _COLUMNS) for name, kind in _KINDS.items()),
    rf"PEP meetings, the school year .*: {n('part', '.*')} \| "
    + r" \| ".join(n(f"PEP_{column}") for column in _COLUMNS),
    # what says how the report counts, without a number of its period
    r"A duty counts in the term of its deadline\.|Suspensions are not counted in Part One.*",
    r"Part One counts duties if 6 children or more were .* at some time of the period\.",
    r"A total .* one child's\.|A total (?:is|changes) .*\.|It needs 6 children or more\.",
    r"It is left out if .* guess a share of it to within 20%\.|It says whether .*, if any\.",
    r"A session is half a day, .*\.|The Attendance page leaves out .*\.",
    r"(?:Sessions missed|Pounds planned) are given for whole terms, .* for 6 children or more\.",
    r"(?:Sessions missed|Pounds planned) in .* are not given\.",
    r"(?:A child counts on|The report is about) [^\d]*\.",
]  # fmt: skip
_PATTERNS = [re.compile(rule) for rule in _RULES]


class Ledger:
    """What is true of each term as reports give it: first, and after corrections."""

    def __init__(self) -> None:
        self.states: dict[Term, list[dict[str, Share]]] = {}
        self.sums: dict[Term, dict[str, set[float]]] = {}
        self.schools: dict[Term, set[tuple[int, int]]] = {}

    def add(self, truth: Truth, report: Report) -> None:
        """Take in the terms of a report that are over as it is made."""
        for term in truth.terms:
            if term.year == report.year and (
                term.last < report.day + report.is_over * timedelta(1)
            ):
                now, states = truth.add_shares(term), self.states.setdefault(term, [])
                sums = self.sums.setdefault(term, {})
                for what in ("sessions", "missed", "planned"):
                    if not states:
                        sums[what] = {sum(getattr(share, what) for share in now.values())}
                    elif what != "sessions":  # of who was counted before, corrections are added
                        sums[what] |= {
                            value + sum(getattr(now[kid], what) - getattr(old[kid], what)
                                        for kid in now if kid in old)
                            for value in sums[what] for old in states
                        }  # fmt: skip
                states.append(now)
                self.schools.setdefault(term, set()).add(truth.add_school(term))

    def is_corrected(self, terms: Iterable[Term]) -> bool:
        """Say whether the shares of a term have changed since a report first gave its totals."""
        return any(
            {kid: share[:3] for kid, share in state.items()}
            != {kid: share[:3] for kid, share in self.states[term][0].items()}
            for term in terms
            for state in self.states[term]
        )

    def get(self, terms: Iterable[Term], what: str) -> set[float]:
        """Return the sums that are true of these terms together."""
        return {sum(values) for values in product(*(self.sums[term][what] for term in terms))}


class Reader:
    """What is true where a report speaks of it."""

    def __init__(self, truth: Truth, ledger: Ledger, report: Report) -> None:
        self.truth, self.ledger, self.report = truth, ledger, report
        self.terms = {describe(term): [term] for term in truth.terms}
        for term in truth.terms:
            self.terms.setdefault(f"school year {term.year}", []).append(term)
        self.period = describe(report)

    def read(self, documents: Iterable[Document]) -> Iterator[tuple[str, Pair]]:
        """Yield what each sentence and row prints; a number without a pattern has no truth."""
        for document in documents:
            yield (
                "title",
                ((document.term.lower(), document.as_at), {(self.period, self.report.day)}),
            )
            texts = [text for block in document.blocks for text in list_sentences(block)]
            for text in texts:
                matches = (match for rule in _PATTERNS if (match := rule.fullmatch(text)))
                if match := next(matches, None):
                    for name, words in match.groupdict().items():
                        yield from ((text, pair) for pair in self.compare(name, words, match))
                elif _CLAIM.search(text):
                    yield text, (text, set())

    def compare(self, name: str, words: str | None, match: re.Match[str]) -> Iterator[Pair]:
        """Yield what a named group prints; a count that a sentence leaves out is none."""
        kind, _, what = name.partition("_")
        if what and kind not in ("size", "came", "left"):
            yield from self.compare_count(kind, what, words, match)
        elif what:
            group = "looked after" if what == "la" else "previously looked after"
            number = self.truth.count_roll(group, self.report)[("size", "came", "left").index(kind)]
            text = "no" if not number else "fewer than 6" if number < 6 else str(number)
            yield re.sub("none|nobody", "no", (words or "").lower()), {text}
        elif words is not None and name not in ("when", "part"):
            terms = self.terms.get(match.groupdict().get("when", "").lower(), [])
            if name in ("period", "open", "day", "england", "grades", "gap"):
                yield from self.compare_period(name, words, terms)
            elif not terms or any(term not in self.ledger.sums for term in terms):
                yield words, set()
            else:
                yield from self.compare_total(name, words, terms, match)

    def compare_count(
        self, kind: str, what: str, words: str | None, match: re.Match[str]
    ) -> Iterator[Pair]:
        """Yield a count of duties."""
        part, kinds = self.report, {"others": ("health", "SDQ", "EHCP")}.get(kind, (kind,))
        for term in self.truth.terms:
            name = match.groupdict().get("part")
            if term.year == part.year and name == f"{term.name.title()} term":
                part = part._replace(first=term.first, last=term.last)
        count = self.truth.count(self.report, part, *kinds)
        past = count["not_done"] + count["before"]
        is_kept = not past + count["late"] + count["not_recorded"]
        if what == "kept":
            yield words in ("All", "Every"), {is_kept}
        elif what in ("all", "past"):
            done = {count["due"]} & {count["in_time"]}
            yield to_number(words), {past} if what == "past" else {*done}
        else:
            yield to_number(words), {count[what]}

    def compare_period(self, name: str, words: str, terms: list[Term]) -> Iterator[Pair]:
        """Yield what is said of a period, but for its totals."""
        report = self.report
        if name in ("period", "open"):
            yield words.lower(), {self.period} if name == "period" or not report.is_over else set()
        elif name == "day":
            yield words, {f"{report.day.day} {report.day:%B %Y}"}
        elif name == "england":
            rows = reference.read("national_line").filter(measure="absence", phase="primary")
            rates = {row["academic_year"]: 100 * float(row["rate"]) for row in rows.to_dicts()
                     if row["cohort"] == "looked after 12 months"}  # fmt: skip
            year = max(year for year in rates if year < report.year)
            yield words, {f"{rates[year]:.1f}% of sessions in {year}"}
        elif name == "grades":
            count = self.truth.count_grades(report)
            parts = {f"{grade or 'none yet'} for {number}" for grade, number in count.items()}
            yield frozenset(re.split(", | and ", words)), {frozenset(parts)}
        else:
            yield to_number(words), {sum(map(self.truth.count_gap, terms))}

    def compare_total(
        self, name: str, words: str, terms: list[Term], match: re.Match[str]
    ) -> Iterator[Pair]:
        """Yield a total of these terms."""
        ledger = self.ledger
        if name == "corrected":
            yield True, {ledger.is_corrected(terms)}
        elif name in ("missed", "base", "planned"):
            sums = ledger.get(terms, "sessions" if name == "base" else name)
            yield to_number(words), {int(value + 0.5) for value in sums}
        elif name == "share" and "missed" in match.groupdict():
            yield words, {percent(to_number(match["missed"]), to_number(match["base"]))}
        elif name == "share":
            pairs = product(ledger.get(terms, "missed"), ledger.get(terms, "sessions"))
            yield words, {percent(missed, base) for missed, base in pairs}
        elif name == "school":
            ways = product(*(ledger.schools[term] for term in terms))
            yield words, {percent(*map(sum, zip(*way, strict=True))) for way in ways}
        else:
            shares = [share for term in terms for share in ledger.states[term][-1].values()]
            part = sum(share.spent for share in shares) / sum(share.planned for share in shares)
            yield True, {_SPENT[words][0] <= part < _SPENT[words][1]}

    def find_unsaid(self) -> Iterator[str]:
        """Yield the totals of the report's year that were corrected without a word."""
        texts = " ".join(text for paper in self.report.documents for text in paper.list_texts())
        for period, terms in self.terms.items():
            if all(t.year == self.report.year and t in self.ledger.states for t in terms):
                is_said = f"Records of the {period} were corrected" in texts
                is_told = re.search(rf"(missed( \S+){{0,5}}|planned) in the {period}", texts)
                if is_told and self.ledger.is_corrected(terms) and not is_said:
                    yield f"the {period} was corrected"


def list_sentences(block: object) -> Iterator[str]:
    """Yield the sentences of a block; of a table a row each, under its caption."""
    if isinstance(block, Table):
        for row in block.rows:
            text = f"{block.caption}: {' | '.join(map(format_cell, row))}"
            yield (
                text.replace(": Autumn", ": autumn").replace(": S", ": s")
                if "term:" in text
                else text
            )
    else:
        texts = block.texts if isinstance(block, Bullets) else ()
        for text in (block.text,) if isinstance(block, Heading | Paragraph) else texts:
            yield from re.split(r"(?<=\.) (?=[A-Z£\d])", text)


def describe(period: Term | Report) -> str:
    """Return "autumn term 2024", or "school year 2024/25"."""
    year = int(period.year[:4]) + (period.name != "autumn")
    return f"{period.name} term {year}" if period.name else f"school year {period.year}"


def to_number(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or "") or 0)


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}" if whole else ""


class Result(NamedTuple):
    """How many numbers were compared, those that are not true, and how many were planted."""

    numbers: int
    wrong: list[str]
    planted: int
    caught: int


def follow(case: int, home: Path) -> Result:
    """Compare each number that the reports of a history print."""
    history, ledger = History(home, rng(f"report.truth {case}")), Ledger()
    wrong, numbers, planted, caught = list[str](), 0, 0, 0
    for report in history.report():
        truth = Truth(history.loaded, history.terms)
        ledger.add(truth, report)
        reader = Reader(truth, ledger, report)
        pairs = list(reader.read(report.documents))
        numbers += len(pairs)
        for text in (*find_untrue(pairs), *reader.find_unsaid()):
            wrong.append(f"{case}, {reader.period} by {report.day}: {text}")
        planted += bool(report.planted)
        caught += any(find_untrue(reader.read(report.planted)))
    return Result(numbers, wrong, planted, caught)


def find_untrue(pairs: Iterable[tuple[str, Pair]]) -> Iterator[str]:
    """Yield what is printed and is not true."""
    for sentence, (printed, true) in pairs:
        if printed not in true:
            yield f"{sentence}: {printed} for {true}"


def test_each_number_is_true_of_the_period_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """The control prints the totals of another period under the name of the report's own."""
    results = []
    for case in range(size("report.histories")):
        with TemporaryDirectory(dir=tmp_path) as folder:
            home = Path(folder) / "home"
            monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
            results.append(follow(case, home))
    wrong = [text for result in results for text in result.wrong]
    planted = sum(result.planted for result in results)
    caught = sum(result.caught for result in results)
    count("report truth", sum(result.numbers for result in results), len(wrong), caught)
    assert not wrong, "\n".join(dict.fromkeys(wrong))
    assert caught == planted > 0
