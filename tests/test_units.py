"""The examples of docs/serve: units that systemd takes and rates, and what the guide names."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[1] / "docs" / "serve"
_GUIDE = (_FOLDER.parent / "serve.md").read_text(encoding="utf-8")
#: Of ten; what systemd calls "exposed" begins at 7.
_MOST_EXPOSED = 1.5


def test_the_guide_names_each_example_and_no_other() -> None:
    named = set(re.findall(r"\(serve/([\w.-]+)\)", _GUIDE))
    assert named == {path.name for path in _FOLDER.iterdir()}


@pytest.mark.slow
def test_systemd_takes_the_units_and_rates_the_service_well(tmp_path: Path) -> None:
    """As they are, but for the path of the program, which must be there."""
    assert shutil.which("systemd-analyze"), "systemd-analyze is not here: apt-get install systemd"
    program = tmp_path / "lac"
    program.touch(0o700)
    for path in _FOLDER.glob("lac*"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("/usr/local/lib/lac/.venv/bin/lac", str(program))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.glob("lac*.*"))
    assert len(units) == 3
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in checked.stderr.splitlines() if str(tmp_path) in line]
    assert (ours, checked.returncode) == ([], 0), checked.stderr
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(tmp_path / "lac.service")],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"exposure level for lac[.]service: ([\d.]+)", rated.stdout)
    assert found, rated.stdout
    assert float(found[1]) <= _MOST_EXPOSED
