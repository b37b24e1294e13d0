"""Finished files to figures: what stands in the tables, and every number anywhere else."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.proofs.attacker.files import pdf, word
from tests.proofs.attacker.files.figures import (
    LOOKED_AFTER,
    Release,
    Table,
    UnreadableError,
    release_of,
)
from tests.proofs.attacker.files.numbers import Number, numbers_of


def tables(file: Path) -> tuple[Table, ...]:
    """The tables of one file, in order, those of duties too."""
    return tuple(_reader(file).tables(file))


def figures(
    files: Iterable[Path],
    whose: str = LOOKED_AFTER,
    known: Mapping[str, tuple[str, ...]] | None = None,
) -> Release:
    """What all files of one release tell of one group; see `release_of`."""
    return release_of((table for file in files for table in tables(file)), whose, known)


def numbers_in_text(file: Path) -> tuple[Number, ...]:
    """Every number of a file outside the body of its tables.

    Sentences, headings, captions, heads and feet of pages, alternative texts, text in
    pictures, and what a file says of itself.
    """
    said = _reader(file).texts(file)
    return tuple(number for text in said for number in numbers_of(text))


def _reader(file: Path) -> Any:
    if file.suffix == ".docx":
        return word
    if file.suffix == ".pdf":
        return pdf
    raise UnreadableError(f"neither Word nor PDF: {file.name}")
