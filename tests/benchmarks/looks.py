"""How whom the reasons list stands to a plain reading, on 2,000 made-up children.

    python tests/benchmarks/looks.py [children] [seed]

Who is listed for one weekday, and who of them a second reading of the register would not be
(false alarms).  Then the persistently absent children, listed or not.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.children.looks import judge_looks

_CHILDREN, _SEED = 2000, 11


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Make a school, list its children, judge and print."""
    given = [int(each) for each in sys.argv[1:]]
    children, seed = [*given, *(_CHILDREN, _SEED)[len(given) :]]
    began = time.perf_counter()
    judged = judge_looks(seed, children)
    say(f"{children} children, seed {seed}: {time.perf_counter() - began:.1f} s\n")
    say(
        f"{judged.weekday} are listed for one weekday, {judged.weekday_alarms} of them wrongly.\n"
        f"{judged.listed} of {judged.children} children are listed; of {judged.persistent} who "
        f"are persistently absent {judged.persistent_listed} are."
    )


if __name__ == "__main__":
    main()
