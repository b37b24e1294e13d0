"""A sealed stream gives back what was written, or says that it is not whole."""

import io
import os

import pytest
from cryptography.exceptions import InvalidTag

from stewardship.backup import sealed_stream
from stewardship.backup.sealed_stream import Sealer, decrypt_stream

KEY = bytes(range(32))
PIECE, TAG = 64, 16


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "PIECE", PIECE)


def sealed(content: bytes, step: int = 1000, key: bytes = KEY, bound_to: bytes = b"x") -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, key, bound_to)
    for place in range(0, len(content), step):
        sealer.write(content[place : place + step])
    sealer.close()
    return file.getvalue()


def whole(stream: bytes, key: bytes = KEY, bound_to: bytes = b"x") -> bytes:
    return b"".join(decrypt_stream(io.BytesIO(stream), key, bound_to))


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 127, 128, 129, 1000])
@pytest.mark.parametrize("step", [1, 7, 64, 1000])
def test_it_comes_back(size: int, step: int) -> None:
    content = os.urandom(size)
    stream = sealed(content, step)
    assert whole(stream) == content
    assert stream == sealed(content), "how it was written does not show"
    assert len(stream) == size + TAG * max(1, -(-size // PIECE))


@pytest.mark.parametrize("size", [0, 1, 64, 128, 200])
def test_every_cut_is_found(size: int) -> None:
    """Also where a piece ends."""
    stream = sealed(bytes(size))
    for length in range(len(stream)):
        with pytest.raises(InvalidTag):
            whole(stream[:length])


def test_every_flipped_bit_is_found() -> None:
    stream = sealed(bytes(200))
    for place in range(len(stream)):
        for bit in range(8):
            flipped = bytearray(stream)
            flipped[place] ^= 1 << bit
            with pytest.raises(InvalidTag):
                whole(bytes(flipped))


def test_pieces_cannot_be_moved_dropped_added_or_taken_from_elsewhere() -> None:
    size = PIECE + TAG
    stream, other = sealed(bytes(3 * PIECE)), sealed(bytes(3 * PIECE), bound_to=b"y")
    one, two, three = (stream[place : place + size] for place in range(0, len(stream), size))
    elsewhere = other[size : 2 * size]
    for wrong in (
        *(two + one + three, one + three, two + three, one + two, one + one + two + three),
        *(stream + three, stream + b"\0", one + elsewhere + three),
    ):
        with pytest.raises(InvalidTag):
            whole(wrong)
    with pytest.raises(InvalidTag):
        whole(stream, key=bytes(32))
    with pytest.raises(InvalidTag):
        whole(stream, bound_to=b"y")
