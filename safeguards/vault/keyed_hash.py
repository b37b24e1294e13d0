"""The keyed hashes of a vault: how a number is found again that stands nowhere in the clear."""

import hashlib
import hmac
import re

from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.records import LookUp, NumberKind

_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")


class KeyedHashes:
    """HMAC-SHA256 in hexadecimal under the home's key, each kind of hash apart from the others."""

    def __init__(self, home: Home, keys: Keys) -> None:
        self._home_id = home.home_id
        self._key = keys.lookup

    def compute_hash(self, use: str, content: bytes) -> str:
        """The hash of some content; `use` keeps one kind from being another."""
        message = f"{use}|v1|".encode("ascii") + content
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def hash_upn(self, upn: str) -> LookUp:
        """A UPN, permanent or temporary by its form; ValueError unless intake has checked it."""
        if not _UPN.fullmatch(upn):
            raise ValueError("a UPN reached the vault that intake has not checked")
        return self.hash_as_kind("upn" if upn[-1].isdigit() else "temporary", upn)

    def hash_number(self, kind: NumberKind, number: str) -> LookUp:
        """A number of any kind; ValueError for an unchecked UPN."""
        if kind == "authority":
            return self.hash_as_kind(kind, number)
        by_form = self.hash_upn(number)
        return self.hash_as_kind(kind, number) if kind == "former" else by_form

    def hash_as_kind(self, kind: NumberKind, number: str) -> LookUp:
        """A number as this kind, whatever its form."""
        return LookUp(kind, self.compute_hash(kind, number.encode("utf-8")))

    def hash_handle(self, handle: str) -> str:
        """A handle that was a child's who is erased."""
        return self.compute_hash("handle", handle.encode("ascii"))

    def compute_mac(self, use: str, rest: bytes) -> bytes:
        """What proves a file of this use to be this home's, bit for bit."""
        return self.compute_hash(use, f"{self._home_id}|".encode() + rest).encode("ascii")
