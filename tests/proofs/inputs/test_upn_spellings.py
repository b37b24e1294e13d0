"""One number spelled in ten thousand ways: refused, or still the same child's.

What the roll takes is never another child's number.  The control is what a helpful program
would do, which mends what it can and has no check letter to hold it against.
"""

import random
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

import pytest

from intake.check.upn import CHECK_LETTERS, find_upn_fault
from tests.support.schools.good_exports import ANN, GOOD, checked
from tests.support.sizes import Count, rng, size

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LOOKALIKES = {"0": "OoQD\u041e\u0660\uff10", "1": "Il|\u0661\uff11", "5": "S", "8": "B", "2": "Z",
               "6": "Gb", "9": "gq", "A": "\u0410\u0391a4", "B": "\u04128", "E": "\u04153",
               "H": "\u041d", "K": "\u212a\u041a", "M": "\u041c", "P": "\u0420", "T": "\u04227",
               "X": "\u0425", "Y": "\u04ae"}  # fmt: skip
_BLANKS = (" ", "\u00a0", "\u200b", "\u200d", "\u2060", "\ufeff")
_INVISIBLE = (*_BLANKS, "\u00ad", "\u202e", "\u0301", "-", ".", "'")


def spellings(number: str, draw: random.Random) -> Iterator[str]:
    """Each way in which one sign may be wrong, then ways drawn at random, without end."""
    for place in range(len(number)):
        yield from (_put(number, place, sign) for sign in _ALPHABET)
        yield from (_put(number, place, sign) for sign in _LOOKALIKES.get(number[place], ""))
        yield from (number[:place] + sign + number[place:] for sign in _INVISIBLE)
        yield number[:place] + number[place + 1 :]
        yield number[:place] + number[place : place + 2][::-1] + number[place + 2 :]
    while True:
        spelled = number
        for _ in range(draw.randint(1, 4)):
            spelled = _spoilt(spelled, draw)
        yield spelled


def _spoilt(text: str, draw: random.Random) -> str:
    place = draw.randrange(len(text))
    changes = (
        lambda: _put(text, place, draw.choice(_LOOKALIKES.get(text[place], text[place].lower()))),
        lambda: text[:place] + draw.choice(_INVISIBLE) + text[place:],
        lambda: _put(text, place, text[place].lower()),
        lambda: unicodedata.normalize(draw.choice(("NFD", "NFKC")), text),
        text.lower,
        lambda: f"{draw.choice(_INVISIBLE)}{text}{draw.choice(_INVISIBLE)}",
        lambda: "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    )
    return draw.choice(changes)()


def _put(text: str, place: int, sign: str) -> str:
    return text[:place] + sign + text[place + 1 :]


def _mended(spelled: str) -> str:
    """What a program would make of it that repairs: never ours."""
    text = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", spelled).upper())
    letter, rest = text[:1], text[1:].translate(str.maketrans("OILQDSZ", "0110052"))
    return letter + rest


@pytest.mark.slow
def test_no_spelling_is_another_child(count: Count) -> None:
    # the rules of check letters give this number to another child: a temporary number's
    # letter counts as a digit does (unverified, domain.md section 10)
    temporary = ANN[:-1] + CHECK_LETTERS[int(ANN[-1])]
    # small letters and blanks around it are the same number
    same = (ANN, temporary, "")
    wrong = (
        each for each in spellings(ANN, rng("upn.spellings")) if each.strip().upper() not in same
    )
    drawn = list(islice(wrong, size("upn.spellings")))
    header, row, *_ = GOOD["roll.csv"].split("\n")
    rest = row.removeprefix(ANN)
    result = checked({**GOOD, "roll.csv": "\n".join([header, *(each + rest for each in drawn)])})
    refused = {each.row for each in result.problems if each.file == "roll.csv"}
    silent = [each for line, each in enumerate(drawn, start=2) if line not in refused]
    control = {_mended(each) for each in drawn if find_upn_fault(_mended(each)) != "UPN form"} - {
        ANN
    }
    count("upn_spellings", len(drawn), len(silent), len(control))
    assert silent == []
    assert set(result.frames["roll.csv"]["upn"]) <= {ANN}
    assert control


@pytest.mark.parametrize("spelled", [ANN.lower(), f" {ANN}", f"{ANN.lower()}\u00a0"])
def test_small_letters_and_blanks_around_are_the_same_child(spelled: str) -> None:
    result = checked({name: text.replace(ANN, spelled) for name, text in GOOD.items()})
    assert result.problems == ()
    assert ANN in set(result.frames["roll.csv"]["upn"])
