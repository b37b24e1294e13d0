"""Bands: the intervals of counts that a statement may name, and how they are said.

A partition cuts the counts from none to all of a group into bands of at least `narrowest`
values.  The true count lies in one of them, and no more than that is ever said.
"""

from typing import NamedTuple

from safeguards.disclosure.settings import Settings

#: How many bands a partition has, by its name, the finest first.
PARTS = {"fifths": 5, "thirds": 3, "halves": 2}
#: No band of two holds less than this share of the values: "29 or fewer of 30" says nothing.
_SMALLEST_SHARE = 3


class Band(NamedTuple):
    """The counts from `least` to `most`, both of them in it."""

    least: int
    most: int


Partition = tuple[Band, ...]


def list_partitions(size: int, settings: Settings, finest: str = "fifths") -> tuple[Partition, ...]:
    """The partitions that may be tried for a group of so many children, the finest first.

    Fifths, thirds and halves, as far as each band is wide enough; after the halves, two bands
    that meet beside the middle, the nearest first.  Empty for a group that is too small.
    """
    values = size + 1
    if size < settings.fewest_for_statements or values < 2 * settings.narrowest:
        return ()
    found = []
    for parts in PARTS.values():
        bands = min(parts, values // settings.narrowest)
        if parts <= PARTS[finest] and bands > 1:
            found.append(_cut(size, [place * values // bands for place in range(1, bands)]))
    middle = values // 2
    smallest = max(settings.narrowest, -(-values // _SMALLEST_SHARE))
    cuts = sorted(range(smallest, values - smallest + 1), key=lambda at: (abs(at - middle), at))
    found += [_cut(size, [cut]) for cut in cuts]
    return tuple(dict.fromkeys(found))


def find_band(partition: Partition, count: int) -> Band:
    """The band that a count lies in; ValueError if it lies in none."""
    for band in partition:
        if band.least <= count <= band.most:
            return band
    raise ValueError("no band holds this count")


def describe_band(band: Band, size: int) -> str:
    """As it is said: "between 5 and 9 of 24", "fewer than half of 12"."""
    if band == (0, (size - 1) // 2):
        return f"fewer than half of {size}"
    if band == ((size + 1) // 2, size):
        return f"{'more than half' if size % 2 else 'half or more'} of {size}"
    if band.least == 0:
        return f"{band.most} or fewer of {size}"
    if band.most == size:
        return f"{band.least} or more of {size}"
    return f"between {band.least} and {band.most} of {size}"


def _cut(size: int, cuts: list[int]) -> Partition:
    """Bands that begin at nought and at each cut."""
    starts = [0, *cuts]
    return tuple(Band(start, end - 1) for start, end in zip(starts, [*cuts, size + 1], strict=True))
