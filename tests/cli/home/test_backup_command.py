"""`lac backup` and `lac restore` as a person meets them."""

import re
from pathlib import Path

import pytest

from safeguards.keys.recovery import split_groups
from tests.support.commands import lac
from tests.support.schools.backup_scene import Scene, light_scene


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = light_scene(tmp_path / "scene")
    monkeypatch.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
    return made


def code_in(text: str) -> str:
    (line,) = re.findall(r"^    (AGE-SECRET-KEY-1[0-9A-Z]{58})$", text, re.MULTILINE)
    assert " ".join(split_groups(line)) in text.replace("\n    ", " ")
    return str(line)


def test_the_first_backup_shows_the_code_once(scene: Scene) -> None:
    """Then the file and its size."""
    first = lac("backup", "--home", scene.folder, "--to", scene.disk)
    assert (first.exit_code, first.stderr) == (0, "")
    assert "school's safe" in first.stdout
    (path,) = scene.disk.iterdir()
    assert (
        f"{path} is sealed, and was read back to check it: {path.stat().st_size:,} bytes."
        in first.stdout
    )
    code = code_in(first.stdout)
    path.rename(scene.disk / "first.age")
    second = lac("backup", "--home", scene.folder, "--to", scene.disk)
    assert second.exit_code == 0
    assert "code" not in second.stdout
    for each in scene.disk.iterdir():
        each.rename(scene.disk / f"moved-{each.name}")
    third = lac("backup", "--home", scene.folder, "--to", scene.disk, "--new-recovery-code")
    assert code_in(third.stdout) != code


def test_a_mistyped_code_is_told_by_its_group_and_never_repeated(scene: Scene) -> None:
    code = code_in(lac("backup", "--home", scene.folder, "--to", scene.disk).stdout)
    (path,) = scene.disk.iterdir()
    groups = split_groups(code)
    groups[6] = ("P" if groups[6][0] == "Q" else "Q") + groups[6][1:]  # one sign is always seen
    done = lac("restore", path, "--home", scene.root / "new", "--recovery-code", "-",
               "--no-receipt",
               answer=" ".join(groups))  # fmt: skip
    assert done.exit_code == 2
    assert "Group 7 of the recovery code is mistyped" in done.stderr
    assert not any(group in done.output for group in groups)


def test_the_code_is_not_taken_from_the_command_line(scene: Scene) -> None:
    """A list of commands, or of processes, would show it."""
    code = code_in(lac("backup", "--home", scene.folder, "--to", scene.disk).stdout)
    (path,) = scene.disk.iterdir()
    done = lac(
        "restore", path, "--home", scene.root / "new", "--recovery-code", code, "--no-receipt"
    )
    assert done.exit_code == 2
    assert split_groups(code)[0] not in done.output


def test_what_is_in_the_way_is_told_in_a_line(scene: Scene) -> None:
    for arguments in (
        ("backup", "--home", scene.folder, "--to", scene.folder),
        ("backup", "--home", scene.folder, "--to", scene.root / "absent"),
        ("backup", "--home", scene.root / "absent", "--to", scene.disk),
        ("restore", scene.folder / "home.toml", "--home", scene.root / "new"),
    ):
        done = lac(*arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1
