"""What lies behind a child's records: the few things of which every subject shows a part.

A story is drawn once, from the seed and the pupil number, before anything else of the child;
so is what every subject makes of it, each from a stream of its own.  A subject that is added
changes no byte of another.  What ties two subjects together, such as an effect that is planted so
that a method can be tested against it, belongs in the story, from which both read it.
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
    """The share of children, 0 to 1, of whom something is so, and of whom it is so the sooner.

    `difficulties`, `outward` and `learning`: by how much the logarithm of the odds grows with one
    standard deviation of the story's; `boys`: by how much it is larger for boys than for girls.
    """

    share: float
    difficulties: float = 0.0
    outward: float = 0.0
    boys: float = 0.0
    learning: float = 0.0

    def compute_weight(self, story: "Story") -> float:
        """Return how likely it is of a child with this story, beside other things."""
        lean = self.difficulties * story.difficulties + self.outward * story.outward
        lean += self.learning * story.learning
        sex = _BY_SEX.get(story.sex, 0.0)
        return self.share * exp(lean + self.boys * sex)


@dataclass(frozen=True)
class Story:
    """Where a child stands among the children of its status, in standard deviations.

    `difficulties`: emotional and behavioural, as everybody who knows the child sees them;
    `outward`: how far they show in conduct and not in worry; `absence`: how much school is
    missed; `learning`: how well the child does at school.  `need`: the code of the special
    educational need that comes first, whether or not anybody has assessed it.  `sex`: M or F.
    """

    difficulties: float = 0.0
    outward: float = 0.0
    absence: float = 0.0
    learning: float = 0.0
    need: str = "OTH"
    sex: str = ""

    @property
    def absence_rank(self) -> float:
        """Return the child's place among the children of its status by absence, 0 to 1."""
        return _NORMAL.cdf(self.absence)


#: Which need comes first, of children who have one.
_NEEDS = {
    "SEMH": Chance(0.25, difficulties=1.8, outward=0.2, boys=0.4),
    "SLCN": Chance(0.22, difficulties=-0.2),
    "ASD": Chance(0.16, outward=-0.2, boys=0.3),
    "MLD": Chance(0.1, difficulties=-0.3, learning=-1.4),
    "SPLD": Chance(0.07, difficulties=-0.4, learning=-0.7),
    "OTH": Chance(0.06, difficulties=-0.2),
}


def open_stream(*names: object) -> random.Random:
    """Return the source of randomness of one thing: the seed, then what it is of, and of whom."""
    return random.Random("/".join(map(str, names)))


def generate_story(rng: random.Random, sex: str = "") -> Story:
    """Return the story of a child, M or F: absence and learning lean on the difficulties.

    Among English children of 6 to 9 absence and a teacher's emotional score go together with
    0.23 to 0.29 (Panayiotou and others 2021); that takes 0.4 here, since no score is exact.
    """
    difficulties, outward, absence, learning = (rng.gauss() for _ in range(4))
    absence = 0.4 * difficulties - 0.12 * outward + 0.91 * absence
    learning = -0.4 * difficulties - 0.15 * outward - 0.15 * absence + 0.88 * learning
    story = Story(difficulties, outward, absence, learning, sex=sex)
    return replace(story, need=choose_for(rng, _NEEDS, story))


def choose(rng: random.Random, shares: Mapping[_Choice, float]) -> _Choice:
    """Return one of the things, by their shares, which need not add up to 1."""
    return rng.choices(list(shares), list(shares.values()))[0]


def choose_for(rng: random.Random, chances: Mapping[_Choice, Chance], story: Story) -> _Choice:
    """Return one of the things, by their chances for a child with this story."""
    return choose(rng, {what: chance.compute_weight(story) for what, chance in chances.items()})


def is_so(rng: random.Random, chance: Chance, story: Story) -> bool:
    """Return whether it is so of a child with this story."""
    weight = chance.compute_weight(story)
    return rng.random() * (weight + 1 - chance.share) < weight
