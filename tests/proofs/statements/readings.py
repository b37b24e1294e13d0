"""What statements say, read from their words alone, in finished Word and PDF files."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import docx
import pypdfium2

_FORMS = (
    r"(?P<fewer>fewer than half) of (?P<of>\d+)",
    r"(?P<half>half or more) of (?P<of>\d+)",
    r"(?P<more>more than half) of (?P<of>\d+)",
    r"(?P<most>\d+) or fewer of (?P<of>\d+)",
    r"(?P<least>\d+) or more of (?P<of>\d+)",
    r"between (?P<least>\d+) and (?P<most>\d+) of (?P<of>\d+)",
)


_SAID = "|".join(re.sub(r"\?P<\w+>", "?:", form) for form in _FORMS)
_STATEMENT = re.compile(
    rf"(?<!, )(?<!\w)((?i:{_SAID})) children (looked after|previously looked after):? "
    r"((?:have attribute \d+(?:; )?)+)\."
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


def read_reports(reports: Iterable[Iterable[Path]]) -> dict[str, list[Told]]:
    """By attribute, what each report's files say that is new, in turn.

    What stands after the day of another report is an older one.  ValueError where
    the files of a report differ.
    """
    told: dict[str, list[Told]] = {}
    for report, paths in enumerate(reports):
        one, *others = (_STATEMENT.findall(_read(path)) for path in paths)
        if any(other != one for other in others):
            raise ValueError("the files of a report differ")
        for said, group, things in one:
            least, most, _ = read_words(said[:1].lower() + said[1:])
            for attribute in re.findall(r"attribute \d+", things):
                told.setdefault(attribute, []).append(Told(report, group, least, most))
    return told


def _read(path: Path) -> str:
    if path.suffix == ".docx":
        text = "\n".join(each.text for each in docx.Document(str(path)).paragraphs)
    else:
        pages = pypdfium2.PdfDocument(path)
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    return " ".join(text.split())
