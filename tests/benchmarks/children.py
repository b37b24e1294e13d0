"""How well 2,000 made-up children fit together: one run prints every check and figure.

    python tests/benchmarks/children.py [children] [seed]

Rows that are out of order, by check; then figures beside the national lines and the published
ties, with standard errors and sources.  Nothing is asserted: tests/synthetic/test_children.py
does that.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from synthetic import make_school
from tests.support.children.checks import count_out_of_order, measure
from tests.support.children.tables import open_tables

_CHILDREN, _SEED, _YEARS = 2000, 11, 3


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Make a school, and print."""
    given = [int(each) for each in sys.argv[1:]]
    children, seed = [*given, *(_CHILDREN, _SEED)[len(given) :]]
    began = time.perf_counter()
    school = make_school(seed, children, years=_YEARS)
    say(f"{children} children, seed {seed}: made in {time.perf_counter() - began:.1f} s\n")
    con = open_tables(school)
    say("| out of order | rows |\n| --- | ---: |")
    for what, rows in count_out_of_order(con):
        say(f"| {what} | {rows} |")
    say("\n| figure | found | should be | standard error | of | near | source |")
    say("| --- | ---: | ---: | ---: | ---: | --- | --- |")
    for each in measure(con):
        bounds = dict.fromkeys((each.lowest, each.highest))
        should = " to ".join(f"{bound:g}" for bound in bounds)
        error = f"{each.error:.3g}" if each.error else ""
        near = "yes" if each.is_near else "NO"
        say(
            f"| {each.what} | {each.found:.3g} | {should} | {error} | {each.number} | {near} "
            f"| {each.source} |"
        )


if __name__ == "__main__":
    main()
