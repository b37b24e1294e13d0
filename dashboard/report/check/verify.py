"""Holds the figures that stand in finished files against the certificate of their report.

Every figure and number word of a file must stand among the same words as in the report that
the certificate makes, or as in what people wrote for it, whose places the certificate knows
by their hashes.  So a figure that was changed, moved or put in is named.
"""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

from dashboard.report.check.reading import ReadFile
from dashboard.report.content import sections, sentences
from dashboard.report.content.facts import KIND_WORDS, Facts, restore_facts
from dashboard.report.content.model import (
    PARTS,
    AnswerBlock,
    Block,
    Bullets,
    Document,
    Heading,
    Lines,
    Paragraph,
    Part,
    Table,
    format_cell,
    format_cover_lines,
    format_prompt,
    number_captions,
)
from dashboard.text import words
from safeguards.errors import ReportError

#: How many words on each side a figure is known by.
_REACH: Final = 3
_WORD: Final = re.compile(r"\w+(?:[.,/:'\u2019-]\w+)*%?")
_NUMBERS: Final = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred dozen half third thirds quarter quarters both once twice single none nobody
    """.split()  # noqa: SIM905 - a page of words reads better than a list
)


class Place(NamedTuple):
    """A figure with the words before and after it, as far as its own line goes."""

    before: tuple[str, ...]
    figure: str
    after: tuple[str, ...]


@dataclass(frozen=True)
class Certified:
    """A certificate as it was given: what it makes, and whether a home's key proves it.

    is_proved: None where no key was at hand.
    """

    name: str
    facts: Facts
    content: Mapping[str, Any]
    is_proved: bool | None


@dataclass(frozen=True)
class Verdict:
    """Of one file: how many figures stand in it, and what is wrong, in words, a line each."""

    name: str
    figures: int
    faults: tuple[str, ...]


def sign(content: Mapping[str, Any], key: bytes) -> str:
    """The proof of a certificate: an HMAC of all else in it, in hexadecimal."""
    said = {name: each for name, each in content.items() if name != "proof"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hmac.digest(key, text.encode(), "sha256").hex()


def read_certificate(name: str, content: bytes, key: bytes | None = None) -> Certified:
    """A certificate from its file; ReportError if it is none."""
    try:
        record = json.loads(content)
        facts = restore_facts(record["facts"])
        is_proved = hmac.compare_digest(record["proof"], sign(record, key or b""))
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{name} is no certificate of a report.") from error
    return Certified(name, facts, record, None if key is None else is_proved)


def hash_written(facts: Facts, documents: Iterable[Document]) -> dict[str, list[str]]:
    """By part, the hashes of the places of figures in what people wrote."""
    return {
        document.part: sorted(
            _hash(place)
            for place in (
                _count_places(document)
                - _count_computed(facts, document.part, is_final=document.is_final)
            ).elements()
        )
        for document in documents
    }


def check_files(files: Sequence[ReadFile], certificates: Sequence[Certified]) -> list[Verdict]:
    """A verdict on each file, and one on each certificate; ReportError if there is none."""
    if not certificates:
        raise ReportError("Name the certificate.json of the report as well.")
    found = [Verdict(each.name, 0, tuple(_check_certificate(each))) for each in certificates]
    found += [
        Verdict(f"{one.name} and {other.name}", 0, faults)
        for one, other in pairwise(sorted(certificates, key=lambda each: each.facts.told.day))
        if (faults := tuple(_check_chain(one.facts, other.facts)))
    ]
    return found + [_check_file(each, certificates) for each in files]


def _check_file(file: ReadFile, certificates: Sequence[Certified]) -> Verdict:
    """Against the certificate of its kind and day that explains most of it."""
    stream = [(token, line.page) for line in file.lines for token in _split(line.text)]
    text = " ".join(token for token, _ in stream)
    fitting = [
        (each, part)
        for each in certificates
        for part in PARTS
        if " ".join(_split(_format_cover(each.facts, part))) in text
    ]
    if not fitting:
        return Verdict(file.name, 0, ("no certificate of its kind, day and part was given",))
    faults = [_find_faults(stream, each, part) for each, part in fitting]
    figures = sum(_is_figure(token) for token, _ in stream)
    return Verdict(file.name, figures, min(faults, key=len))


def _find_faults(
    stream: Sequence[tuple[str, int | None]], certified: Certified, part: Part
) -> tuple[str, ...]:
    """The figures that stand nowhere in the report, each in its words, and those that lack."""
    is_final = certified.content["state"] == "final"
    computed = _count_computed(certified.facts, part, is_final=is_final)
    written = Counter(certified.content["written"].get(part, []))
    tokens = [token for token, _ in stream]
    strange = []
    for at, token in enumerate(tokens):
        if not _is_figure(token):
            continue
        for place in _list_readings(tokens, at):
            if computed[place]:
                computed[place] -= 1
                break
            if written[_hash(place)]:
                written[_hash(place)] -= 1
                break
        else:
            strange.append(at)
    named = [
        f"“{' '.join(tokens[max(0, first - 2) : last + 3])}”"
        f"{f' on page {stream[first][1]}' if stream[first][1] else ''} is not from the data"
        for first, last in _join(strange)
    ]
    lacking = [
        f"“{' '.join((*place.before, place.figure, *place.after))}” is in the data, and not here"
        for place in computed.elements()
    ]
    return (*named, *lacking)


def _join(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Places that are near one another as one stretch each: its first and its last."""
    first = last = None
    for at in places:
        if last is not None and first is not None and at - last > _REACH:
            yield first, last
            first = None
        first, last = at if first is None else first, at
    if first is not None and last is not None:
        yield first, last


def _list_readings(tokens: Sequence[str], at: int) -> Iterator[Place]:
    """A figure with as many words on each side as it may be known by, the most first."""
    reaches = sorted(
        ((before, after) for before in range(_REACH + 1) for after in range(_REACH + 1)),
        key=lambda reach: -sum(reach),
    )
    for before, after in reaches:
        yield _get_place(tokens, at, before, after)


def _count_computed(facts: Facts, part: Part, *, is_final: bool) -> Counter[Place]:
    """The places of figures in what the certificate itself makes."""
    document = sections.build_document(facts, (), part, is_final=is_final)
    if document is None:  # all of it is people's words, under a cover like the others'
        one = sections.build_document(facts, (), "Part One", is_final=is_final)
        document = one and replace(one, part=part, blocks=(Heading(1, "Safeguarding"),))
    return _count_places(document) if document else Counter()


def _count_places(document: Document) -> Counter[Place]:
    return _count_lines(_list_lines(document))


def _count_lines(lines: Iterable[str]) -> Counter[Place]:
    found: Counter[Place] = Counter()
    for line in lines:
        tokens = _split(line)
        for at, token in enumerate(tokens):
            if _is_figure(token):
                found[_get_place(tokens, at, _REACH, _REACH)] += 1
    return found


def _get_place(tokens: Sequence[str], at: int, before: int, after: int) -> Place:
    behind = at + 1
    return Place(
        tuple(tokens[max(0, at - before) : at]), tokens[at], tuple(tokens[behind : behind + after])
    )


def _list_lines(document: Document) -> Iterator[str]:
    """The texts of a document as a reader meets them; a row of a table is one."""
    names = number_captions(document.blocks)
    yield from (document.title, *format_cover_lines(document), document.certificate)
    for block in document.blocks:
        yield from _list_texts(block, names)


def _list_texts(block: Block, names: Iterator[str]) -> Iterable[str]:
    match block:
        case Heading() | Paragraph():
            return (block.text,)
        case Bullets():
            return block.items
        case AnswerBlock():
            return block.paragraphs or (format_prompt(block),)
        case Lines():  # no report has any
            return ()
        case Table():
            rows = (" ".join(map(format_cell, row)) for row in block.rows)
            return (next(names), " ".join(block.header), *rows, block.note)


def _split(text: str) -> list[str]:
    return [token.casefold() for token in _WORD.findall(text)]


def _is_figure(token: str) -> bool:
    is_number = any(part in _NUMBERS for part in token.split("-"))
    return is_number or any(sign.isnumeric() for sign in token)


def _hash(place: Place) -> str:
    said = "|".join(" ".join(part) for part in (place.before, (place.figure,), place.after))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _format_cover(facts: Facts, part: Part) -> str:
    """What the cover of a report says of itself, as far as other reports say otherwise."""
    day = words.format_short_day(facts.told.day)
    return f"{KIND_WORDS[facts.kind]}, {facts.term_words} {part}. Data up to {day}"


def _check_certificate(certified: Certified) -> Iterator[str]:
    """What a certificate could not say, had the gate made it."""
    if certified.is_proved is False:
        yield "it was not made in this home, or it was changed"
    told, settings = certified.facts.told, certified.facts.told.settings
    for each in told.statements:
        least, most = each.band
        is_wide = most - least + 1 >= settings.narrowest
        if not (is_wide and 0 <= least <= most <= each.size >= settings.fewest_for_statements):
            (said,) = sentences.describe_statements([each], told.day)
            yield f"“{said}” is too narrow"
    for group, sums in told.sums.items():
        parts = sum(count for _, count in sums.reasons)
        if sums.reasons and parts != sums.missed:
            yield f"the reasons for sessions missed by children {group} do not add up"


def _check_chain(one: Facts, other: Facts) -> Iterator[str]:
    """What two certificates of one school say differently of the same term."""
    first = {each.term: each for each in (*one.earlier, one.told)}
    for each in (*other.earlier, other.told):
        if each.term in first and first[each.term] != each:
            yield f"they differ on the {each.term.name} term of {each.term.year}"
