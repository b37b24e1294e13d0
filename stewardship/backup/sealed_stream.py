"""Bytes of any length, sealed in pieces: none can be changed, moved, dropped or cut off.

AES-256-GCM in the STREAM construction: the nonce of a piece is its number and whether it
is the last one.  The key must be used for one stream only.
"""

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 1 << 20
_TAG = 16


class Sealer:
    """Seals what is written to it into `file`; `close` writes the last piece."""

    def __init__(self, file: BinaryIO, key: bytes, associated_data: bytes) -> None:
        """bound_to: what the stream belongs to; it opens with nothing else."""
        self._file = file
        self._seal = AESGCM(key)
        self._bound_to = associated_data
        self._waiting = bytearray()
        self._number = 0

    def write(self, content: bytes) -> None:
        """Take these bytes in; OSError if the disk does not."""
        self._waiting += content
        # one byte more, so that there is always something left for the last piece
        while len(self._waiting) > PIECE:
            self._write(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        """Seal what is left; nothing may be written afterwards."""
        self._write(bytes(self._waiting), is_last=True)

    def _write(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _build_nonce(self._number, is_last=is_last)
        self._file.write(self._seal.encrypt(nonce, piece, self._bound_to))
        self._number += 1


def decrypt_stream(file: BinaryIO, key: bytes, associated_data: bytes) -> Iterator[bytes]:
    """The pieces of what was sealed, from where `file` stands to its end.

    InvalidTag at the first piece that is not as it was sealed, or if the end is missing.
    A piece that was given is whole, but only the end says that all were there.
    """
    seal = AESGCM(key)
    sealed, number = file.read(PIECE + _TAG), 0
    while True:
        following = file.read(PIECE + _TAG)
        yield seal.decrypt(_build_nonce(number, is_last=not following), sealed, associated_data)
        if not following:
            return
        sealed, number = following, number + 1


def _build_nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
