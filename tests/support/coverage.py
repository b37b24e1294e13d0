"""Print how much of each room the tests run, and fail below a room's floor.

`python -m tests.support.coverage FILE` reads what `pytest --cov --cov-report=json:FILE` wrote.
"""

import json
import sys
from collections import Counter
from pathlib import Path

#: The least share of a room's statements that plain pytest must run, in per cent. A server in a
#: process of its own and the tests marked slow are not counted.
FLOORS = {
    "cli": 88,
    "dashboard": 93,
    "intake": 97,
    "queries": 96,
    "safeguards": 97,
    "stewardship": 94,
    "synthetic": 99,
}


def measure_rooms(report: dict[str, object]) -> dict[str, float]:
    """Return the per cent of statements that were run in each room of a coverage report."""
    statements, covered = Counter[str](), Counter[str]()
    files = report["files"]
    assert isinstance(files, dict)
    for name, file in files.items():
        room = Path(name).parts[0]
        statements[room] += file["summary"]["num_statements"]
        covered[room] += file["summary"]["covered_lines"]
    return {room: 100 * covered[room] / number for room, number in statements.items() if number}


def main() -> None:
    """Print the table, and exit with the rooms that are below their floor."""
    rooms = measure_rooms(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    for room, floor in FLOORS.items():
        print(f"{rooms[room]:6.1f} %  {room}, at least {floor}")  # noqa: T201 - this is a command
    low = [room for room, floor in FLOORS.items() if rooms[room] < floor]
    sys.exit(f"Below the floor: {', '.join(low)}" if low else 0)


if __name__ == "__main__":
    main()
