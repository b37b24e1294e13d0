"""What statements say, read from their words alone."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from safeguards.disclosure.certificate import Release

_FORMS = (
    r"(?P<fewer>fewer than half) of (?P<of>\d+)",
    r"(?P<half>half or more) of (?P<of>\d+)",
    r"(?P<more>more than half) of (?P<of>\d+)",
    r"(?P<most>\d+) or fewer of (?P<of>\d+)",
    r"(?P<least>\d+) or more of (?P<of>\d+)",
    r"between (?P<least>\d+) and (?P<most>\d+) of (?P<of>\d+)",
)


class Told(NamedTuple):
    """That in a report at least and at most so many of a group had an attribute."""

    report: int
    group: str
    least: int
    most: int


def read_words(words: str) -> tuple[int, int, int]:
    """The fewest and the most there can be, and of how many: "5 or fewer of 12" is (0, 5, 12)."""
    for form in _FORMS:
        if found := re.fullmatch(form, words):
            said = found.groupdict()
            size = int(said["of"])
            least, most = int(said.get("least") or 0), int(said.get("most") or size)
            if said.get("fewer"):
                most = (size - 1) // 2
            elif said.get("half") or said.get("more"):
                least = size // 2 + (1 if said.get("more") else size % 2)
            return least, most, size
    raise ValueError(f"not a statement: {words}")


def read_releases(releases: Iterable[Release]) -> dict[str, list[Told]]:
    """By attribute, what each report said that was new, in turn."""
    told: dict[str, list[Told]] = {}
    for report, release in enumerate(releases):
        for statement in release.certificate.statements:
            least, most, _ = read_words(statement.words)
            if statement.day == release.certificate.day:
                found = Told(report, statement.group, least, most)
                told.setdefault(statement.attribute, []).append(found)
    return told
