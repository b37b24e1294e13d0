"""The keyed hashes of a vault: how a number is found again that stands nowhere in the clear."""

import hashlib
import hmac
import re

from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.records import LookUp, Number

_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")


class KeyedHashes:
    """HMAC-SHA256 in hexadecimal under the home's key, each kind of hash apart from the others."""

    def __init__(self, home: Home, keys: Keys) -> None:
        self._home_id = home.home_id
        self._key = keys.lookup

    def of(self, use: str, content: bytes) -> str:
        """The hash of some content; `use` keeps one kind from being another."""
        message = f"{use}|v1|".encode("ascii") + content
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()

    def of_upn(self, upn: str) -> LookUp:
        """A UPN, permanent or temporary by its form; ValueError unless intake has checked it."""
        if not _UPN.fullmatch(upn):
            raise ValueError("a UPN reached the vault that intake has not checked")
        return self.of_kind("upn" if upn[-1].isdigit() else "temporary", upn)

    def of_number(self, kind: Number, number: str) -> LookUp:
        """A number of any kind; ValueError for an unchecked UPN."""
        if kind == "authority":
            return self.of_kind(kind, number)
        by_form = self.of_upn(number)
        return self.of_kind(kind, number) if kind == "former" else by_form

    def of_kind(self, kind: Number, number: str) -> LookUp:
        """A number as this kind, whatever its form."""
        return LookUp(kind, self.of(kind, number.encode("utf-8")))

    def of_handle(self, handle: str) -> str:
        """A handle that was a child's who is erased."""
        return self.of("handle", handle.encode("ascii"))

    def mac(self, use: str, rest: bytes) -> bytes:
        """What proves a file of this use to be this home's, bit for bit."""
        return self.of(use, f"{self._home_id}|".encode() + rest).encode("ascii")
