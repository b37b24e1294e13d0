"""Markers that stand for a child's data, and a search for them in every file of a folder."""

import base64
from pathlib import Path

import pytest

from queries.store import store


def marker(number: int) -> str:
    return f"Quillfeather-{number:04}-marker"


def unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores keep their texts as they are: what is packed cannot be searched for."""
    config = {**store._CONFIG, "force_compression": "uncompressed"}
    monkeypatch.setattr(store, "_CONFIG", config)


def forms(text: str) -> list[bytes]:
    """How a text may stand in a file: plain, wide, as hexadecimal, as base 64."""
    plain = text.encode()
    inside = [base64.b64encode(bytes(shift) + plain)[4:-4] for shift in range(3)]
    return [
        plain,
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        plain.hex().encode(),
        *inside,
    ]


def is_in(folder: Path, text: str, *, but: tuple[str, ...] = ()) -> list[str]:
    """The files of a folder in which a text stands in any form."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
        and path.relative_to(folder).parts[0] not in but
        and any(form in path.read_bytes() for form in forms(text))
    )
