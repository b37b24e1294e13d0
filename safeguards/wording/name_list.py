"""Whether a word of a text may be somebody's name: lists of given names and surnames.

The lists are Faker's, of the countries whose names our schools meet most.  Many names are
words as well, so how a word is written, and what follows it, decide with those:

- a name that is no word of English is found in capitals and in small letters alike;
- a name that is a word too (Grace, Holly) is found with a capital, wherever it stands;
- one that often begins a sentence (Hope, Mark, Will) is found there only where a person is
  spoken of: "Will has settled", "Mark's teacher", but not "Will governors agree?";
- one that often has a capital of its own (May, Summer, Council) likewise, wherever it stands.

`name_words.csv` holds the words of the last three kinds.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from faker.providers.person.en import Provider as English
from faker.providers.person.en_GB import Provider as British
from faker.providers.person.en_IE import Provider as Irish
from faker.providers.person.en_IN import Provider as Indian
from faker.providers.person.en_NG import Provider as Nigerian
from faker.providers.person.en_PK import Provider as Pakistani
from faker.providers.person.en_US import Provider as American
from faker.providers.person.ha_NG import Provider as Hausa
from faker.providers.person.ig_NG import Provider as Igbo
from faker.providers.person.pl_PL import Provider as Polish
from faker.providers.person.ro_RO import Provider as Romanian
from faker.providers.person.yo_NG import Provider as Yoruba

_AFRICAN = (Hausa, Igbo, Nigerian, Yoruba)
_SURNAMES = (British, Indian, Pakistani, *_AFRICAN)
_GIVEN = (English, Irish, American, Polish, Romanian, *_SURNAMES)

#: Given names that are common in England's schools and on none of those lists.
_MORE = """
Abdi Abena Ailsa Albie Ananya Ayo Ayub Carys Cerys Chidi Chioma Dafydd Eesa Eilidh Esme Faisal Ffion
Gethin Hafsa Honey Iestyn Imogen Jenson Kaan Kobi Kofi Lachlan Maddie Maisie Maja Mylo Oliwia Owain
Poppie Poppy Rafferty Seren Sumaya Temi Tilly Wiktoria Zayn Zofia Zuzanna
"""

#: A word with its hyphens and apostrophes: Anne-Marie, O'Neill.
_LETTER = r"(?:[^\W\d_][\u0300-\u036f]*)"
WORD = re.compile(rf"{_LETTER}+(?:['\u2019\u2010\u2011-]{_LETTER}+)*")
_JOINTS = re.compile(r"[\s\u2010\u2011-]+")
_POSSESSIVE = re.compile(r"['\u2019]s?$")

#: Short words in small letters, and short ones all in capitals, are letters of another kind.
_SHORTEST_SMALL = 4
_LONGEST_LETTERS = 4

_SMALL_IN_HEADINGS = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)

#: What is said of a person and seldom of a thing that begins a sentence.
_OF_A_PERSON = re.compile(
    r"""['\u2019]s\b
    | ,?\s+(?:who|whose|aged|and\s+(?:his|her|their)\s+(?:mum|dad|carer|brother|sister))\b
    | \s+(?:also\s+|now\s+|often\s+|really\s+|still\s+)?
      (?:is|was|has|had|does|did|can|could|would|isn|wasn|hasn|didn|doesn
        |said|says|told|tells|feels|felt|likes|liked|loves|loved|enjoys|enjoyed|wants|wanted
        |needs|needed|gets|got|makes|made|comes|came|goes|went|moved|moves|joined|left|lives|lived
        |attends|attended|missed|misses|settled|started|stays|stayed|talks|talked|works|worked
        |plays|played|finds|found|thinks|thought|knows|knew|sees|saw|takes|took|asks|asked
        |tries|tried|became|becomes|began|struggles|struggled|returned|ran|reads|wrote)\b""",
    re.VERBOSE,
)


def fold_word(word: str) -> str:
    """A word as the lists are asked: small letters, no accents, straight apostrophes."""
    if word.isascii():
        return word.casefold()
    plain = unicodedata.normalize("NFKD", word.casefold().replace("\u2019", "'"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


@cache
def list_names() -> frozenset[str]:
    """Every given name and surname of the lists, folded; the parts of double ones apart."""
    listed = [name for each in _GIVEN for name in each.first_names]
    listed += _MORE.split()
    listed += [name for each in _SURNAMES for name in each.last_names]
    return frozenset(
        part for name in listed for part in _JOINTS.split(fold_word(name)) if len(part) > 1
    )


@cache
def load_ambiguous_names() -> dict[str, str]:
    """The names that are words as well: "small", "first" or "capital", as those also stand."""
    text = files("safeguards.wording").joinpath("name_words.csv").read_text(encoding="utf-8")
    return {row["word"]: row["stands"] for row in csv.DictReader(text.splitlines())}


def find_names(sentence: str) -> Iterator[tuple[int, int]]:
    """Where a sentence has words that may be names: (start, end), in order, none overlapping.

    A possessive ending is no part of it.
    """
    matches = list(WORD.finditer(sentence))
    has_small_words = not _is_heading(sentence)
    for number, match in enumerate(matches):
        is_first = number == 0 or not has_small_words or _opens(sentence, match.start())
        word = _POSSESSIVE.sub("", match.group())
        if _may_be_name(word, sentence[match.start() + len(word) :], is_first=is_first):
            yield match.start(), match.start() + len(word)


def _may_be_name(word: str, rest: str, *, is_first: bool) -> bool:
    """Whether one word is queried.  rest: the sentence behind it."""
    parts = [part for part in _JOINTS.split(fold_word(word)) if len(part) > 1]
    known = [part for part in {fold_word(word), *parts} if part in list_names()]
    if not known or (word.isupper() and len(word) <= _LONGEST_LETTERS):
        return False
    kinds = {load_ambiguous_names().get(part) for part in known}
    if None in kinds:
        return word[:1].isupper() or len(word) >= _SHORTEST_SMALL
    if not word[:1].isupper():
        return False
    if "small" in kinds or ("first" in kinds and not is_first):
        return True
    return _OF_A_PERSON.match(rest) is not None


def _is_heading(sentence: str) -> bool:
    """Whether every word has a capital, so that a capital says nothing."""
    words = set(WORD.findall(sentence))
    return all(word[0].isupper() for word in words - _SMALL_IN_HEADINGS)


def _opens(sentence: str, start: int) -> bool:
    """Whether a quotation or a bracket begins with the word that starts there."""
    return sentence[:start].endswith(("(", '"', "\u201c", "\u2018"))
