"""No code of a home is a UPN that was hashed: every UPN of one school is tried.

A school's numbers are few (14 years of entry, 1,000 numbers each), so whoever holds a
file whose codes are hashes of them finds each child in a moment.  Ours are drawn at
random, or keyed; the same search finds the unkeyed hashes that are its control.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.check.upn import compute_check_letter
from safeguards.handles import ALPHABET
from safeguards.home.home import Home
from synthetic.cast.cast import CAST
from tests.support.schools.homes import lend_demo, open_store
from tests.support.sizes import Count, size

_ALGORITHMS = (
    *("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256"),
    *("blake2b", "blake2s"),
)
#: No value of fewer characters tells one child from another by chance.
_SHORTEST = 8


@pytest.fixture(scope="module")
def home() -> Home:
    return Home.open(lend_demo())


@pytest.fixture(scope="module")
def codes(home: Home) -> set[str]:
    """Every text of the store and of the vault's file that could be a code."""
    store = open_store(home.folder)
    texts: set[str] = set()
    columns = store.read(
        "select table_name, column_name from information_schema.columns"
        " where data_type = 'VARCHAR' and table_name like 'raw_%'"
    )
    for table, column in columns.iter_rows():
        texts.update(
            store.read(f"select distinct {column} as cell from {table}")["cell"].drop_nulls()
        )
    store.close()
    for path in home.folder.rglob("*"):
        if path.suffix in {".json", ".jsonl", ".toml"}:
            texts.update(_texts(path))
    return {text.lower() for text in texts if len(text) >= _SHORTEST}


def _texts(path: Path) -> Iterator[str]:
    yield from path.read_text(encoding="utf-8").replace('"', " ").replace(",", " ").split()


def upns(number: int) -> Iterator[str]:
    """The cast's, then so many of the made-up school's: 14 years of entry, 1,000 a year."""
    yield from (member.upn for member in CAST)
    newest = max(int(member.upn[8:10]) for member in CAST)
    for serial in range(number):
        rest = f"{CAST[0].upn[1:8]}{(newest - serial % 14) % 100:02d}{serial // 14:03d}"
        yield compute_check_letter(rest) + rest


def salts(home: Home) -> tuple[str, ...]:
    """What stands beside the codes in the clear, or is the first thing to come to mind."""
    return ("", home.home_id, "Quarry Lane Junior School", "upn", "upn|v1|", "salt")


def hashed(upn: str, salt: str) -> Iterator[str]:
    """Every usual way to make a code of a number, in lower case."""
    for text in (salt + upn, upn + salt):
        data = text.encode()
        yield f"{zlib.crc32(data):08x}"
        for algorithm in _ALGORITHMS:
            digest = hashlib.new(algorithm, data).digest()
            yield digest.hex()
            yield base64.b64encode(digest).decode().lower()
            yield base64.b32encode(digest).decode().lower()
            yield _crockford(digest)


def _crockford(digest: bytes) -> str:
    """As a pseudonym of ours would look, had it been made of a digest."""
    number = int.from_bytes(digest[:8], "big") >> 14
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(10))).lower()


def found(codes: set[str], home: Home, number: int) -> set[str]:
    """The codes that are a hash, or the beginning of a hash, of some UPN of the school."""
    begin = {code[:_SHORTEST] for code in codes}
    candidates = {
        guess
        for upn in upns(number)
        for salt in salts(home)
        for guess in hashed(upn, salt)
        if guess[:_SHORTEST] in begin
    }
    return {code for code in codes if any(guess.startswith(code) for guess in candidates)}


@pytest.mark.slow
def test_no_code_is_a_hash_of_a_upn(home: Home, codes: set[str], count: Count) -> None:
    number = size("guessing.upns")
    broken = found(codes, home, number)
    child = CAST[0].upn
    planted = {guess[:10] for salt in salts(home) for guess in hashed(child, salt)}
    control = found(planted, home, 14)
    count("hash_guessing", number, len(broken), len(control))
    assert broken == set()
    assert control == planted


def test_the_search_looks_where_codes_are(home: Home, codes: set[str]) -> None:
    """Each pseudonym and each look-up of the vault is among what is searched."""
    pupils = json.loads((home.vault / "vault.json").read_text(encoding="ascii"))["pupils"]
    assert len(pupils) >= len(CAST)
    for pupil in pupils:
        assert {pupil["pupil_id"].lower(), *(each["value"] for each in pupil["look_ups"])} <= codes
