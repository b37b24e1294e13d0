"""The story behind a child's records: a few traits that all subjects show in part.

A story is drawn once from the seed and the UPN.  Each subject then draws its records from its own
random stream, so that an added subject changes no byte of another.  A link between two subjects,
such as an effect that is planted so that a method can be tested against it, belongs in the story,
which both read.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp
from statistics import NormalDist
from typing import NamedTuple, TypeVar

_NORMAL = NormalDist()
_BY_SEX = {"M": 0.5, "F": -0.5}
_Choice = TypeVar("_Choice")


class Chance(NamedTuple):
    """The share of children, 0 to 1, for whom something is true, and what makes it likelier.

    `difficulties`, `outward` and `learning`: the rise of the logarithm of the odds for one standard
    deviation of the story's.  `boys`: how much larger it is for boys than for girls.
    """

    share: float
    difficulties: float = 0.0
    outward: float = 0.0
    boys: float = 0.0
    learning: float = 0.0

    def compute_weight(self, story: "Story") -> float:
        """Return the weight of this chance for a child with this story, beside other chances."""
        lean = self.difficulties * story.difficulties + self.outward * story.outward
        lean += self.learning * story.learning
        sex = _BY_SEX.get(story.sex, 0.0)
        return self.share * exp(lean + self.boys * sex)


@dataclass(frozen=True)
class Story:
    """A child's traits compared with children of the same status, in standard deviations.

    `difficulties`: emotional and behavioural, as everybody who knows the child sees them.
    `outward`: how far they show in conduct and not in worry.  `absence`: how much school the child
    misses.  `learning`: how well the child does at school.  `need`: the code of the first special
    educational need, whether or not anybody has assessed it.  `sex`: M or F.
    """

    difficulties: float = 0.0
    outward: float = 0.0
    absence: float = 0.0
    learning: float = 0.0
    need: str = "OTH"
    sex: str = ""

    @property
    def absence_rank(self) -> float:
        """Return the child's rank by absence among children of the same status, 0 to 1."""
        return _NORMAL.cdf(self.absence)


#: The chances of each need to come first, for children who have one.
_NEEDS = {
    "SEMH": Chance(0.25, difficulties=1.8, outward=0.2, boys=0.4),
    "SLCN": Chance(0.22, difficulties=-0.2),
    "ASD": Chance(0.16, outward=-0.2, boys=0.3),
    "MLD": Chance(0.1, difficulties=-0.3, learning=-1.4),
    "SPLD": Chance(0.07, difficulties=-0.4, learning=-0.7),
    "OTH": Chance(0.06, difficulties=-0.2),
}


def open_stream(*names: object) -> random.Random:
    """Return a source of randomness for these names: the seed, then the thing or the child."""
    return random.Random("/".join(map(str, names)))


def generate_story(rng: random.Random, sex: str = "") -> Story:
    """Return the story of a child, M or F.  Absence and learning depend on the difficulties.

    Among English children of 6 to 9 absence and a teacher's emotional score correlate with 0.23 to
    0.29 (Panayiotou and others 2021).  That takes 0.4 here, since no score is exact.
    """
    difficulties, outward, absence, learning = (rng.gauss() for _ in range(4))
    absence = 0.4 * difficulties - 0.12 * outward + 0.91 * absence
    learning = -0.4 * difficulties - 0.15 * outward - 0.15 * absence + 0.88 * learning
    story = Story(difficulties, outward, absence, learning, sex=sex)
    return replace(story, need=choose_for(rng, _NEEDS, story))


def choose(rng: random.Random, shares: Mapping[_Choice, float]) -> _Choice:
    """Choose one of the things by their shares, which need not add up to 1."""
    return rng.choices(list(shares), list(shares.values()))[0]


def choose_for(rng: random.Random, chances: Mapping[_Choice, Chance], story: Story) -> _Choice:
    """Choose one of the things by their chances for a child with this story."""
    return choose(rng, {thing: chance.compute_weight(story) for thing, chance in chances.items()})


def is_so(rng: random.Random, chance: Chance, story: Story) -> bool:
    """Draw whether a chance comes true for a child with this story."""
    weight = chance.compute_weight(story)
    return rng.random() * (weight + 1 - chance.share) < weight
