"""Where a home may not lie: synchronised folders and network shares."""

import sys
from pathlib import Path

import pytest

from safeguards.errors import HomeError
from safeguards.home import location
from safeguards.home.home import Home, create_real
from safeguards.home.location import refuse_shared


@pytest.fixture(autouse=True)
def mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of mounts of our own; without a line all is on this computer."""
    path = tmp_path / "mounts"
    path.write_text("/dev/sda1 / ext4 rw 0 0\n")
    monkeypatch.setattr(location, "_MOUNTS", path)
    monkeypatch.setattr(sys, "platform", "linux")
    return path


@pytest.mark.parametrize(
    ("part", "service"),
    [
        ("OneDrive", "OneDrive"),
        ("onedrive - Brook Lane School", "OneDrive"),
        ("Dropbox", "Dropbox"),
        ("Dropbox (Brook Lane)", "Dropbox"),
        ("Google Drive", "Google Drive"),
        ("GoogleDrive-office@example.org", "Google Drive"),
        ("iCloud Drive", "iCloud"),
        ("iCloudDrive", "iCloud"),
        ("Mobile Documents", "iCloud"),
        ("com~apple~CloudDocs", "iCloud"),
        ("Nextcloud", "Nextcloud"),
        ("Nextcloud2", "Nextcloud"),
        ("CloudStorage", "a cloud service"),
    ],
)
def test_a_folder_of_a_service_is_known_by_its_name(
    tmp_path: Path, part: str, service: str
) -> None:
    with pytest.raises(HomeError, match=f"that {service} copies"):
        refuse_shared(tmp_path / part / "school" / "home", {})


@pytest.mark.parametrize("part", ["home", "my onedriveless folder", "box", "cloud", "dropbox2"])
def test_other_names_are_taken(tmp_path: Path, part: str) -> None:
    refuse_shared(tmp_path / part / "home", {})


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        (".dropbox", "Dropbox"),
        (".dropbox.cache", "Dropbox"),
        (".nextcloudsync.log", "Nextcloud"),
        (".sync_0a1b2c3d.db", "Nextcloud"),
        (".tmp.drivedownload", "Google Drive"),
        (".stfolder", "a cloud service"),
    ],
)
def test_a_folder_of_a_service_is_known_by_what_lies_in_it(
    tmp_path: Path, mark: str, service: str
) -> None:
    """However it is called, and from any depth."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / mark).touch()
    with pytest.raises(HomeError, match=f"that {service} copies"):
        refuse_shared(tmp_path / "papers" / "school" / "home", {})
    refuse_shared(tmp_path / "other" / "home", {})


def test_the_settings_of_a_service_are_no_mark(tmp_path: Path) -> None:
    """Dropbox keeps them in .dropbox of the user's own folder, where a home may lie."""
    (tmp_path / ".dropbox").mkdir()
    refuse_shared(tmp_path / "school" / "home", {})


@pytest.mark.parametrize("name", ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"])
def test_a_folder_of_onedrive_is_known_by_the_environment(tmp_path: Path, name: str) -> None:
    environ = {name: str(tmp_path / "work")}
    with pytest.raises(HomeError, match="OneDrive"):
        refuse_shared(tmp_path / "work" / "home", environ)
    refuse_shared(tmp_path / "works" / "home", environ)


def test_a_link_does_not_hide_a_service(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(HomeError, match="Dropbox"):
        refuse_shared(tmp_path / "plain" / "home", {})


@pytest.mark.parametrize("name", [r"\\server\share\home", r"\\?\UNC\server\share\home"])
def test_a_share_is_known_by_its_name(name: str) -> None:
    with pytest.raises(HomeError, match="network share"):
        refuse_shared(Path(name), {})


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_share_is_known_by_its_mount(tmp_path: Path, mounts: Path, kind: str) -> None:
    share = tmp_path / "a share"
    share.mkdir()
    name = str(share).replace(" ", r"\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {name} {kind} rw 0 0\n")
    with pytest.raises(HomeError, match=f"network share \\({kind}\\)"):
        refuse_shared(share / "home", {})
    refuse_shared(tmp_path / "a share of mine" / "home", {})


def test_the_nearest_and_latest_mount_counts(tmp_path: Path, mounts: Path) -> None:
    """A disk of one's own below a share, or put over it, is no share."""
    inner = tmp_path / "inner"
    mounts.write_text(f"s:/x / nfs rw 0 0\n/dev/sdb1 {inner} ext4 rw 0 0\n")
    refuse_shared(inner / "home", {})
    mounts.write_text("s:/x / nfs rw 0 0\n/dev/sdb1 / ext4 rw 0 0\n")
    refuse_shared(inner / "home", {})
    mounts.write_text("/dev/sdb1 / ext4 rw 0 0\ns:/x / nfs rw 0 0\n")
    with pytest.raises(HomeError, match="network share"):
        refuse_shared(inner / "home", {})


def test_without_a_list_of_mounts_the_name_decides(tmp_path: Path, mounts: Path) -> None:
    mounts.unlink()
    refuse_shared(tmp_path / "home", {})


def test_no_real_home_is_made_or_opened_there(tmp_path: Path) -> None:
    """Nor one that was moved there later; nothing is left behind by the refusal."""
    (tmp_path / "Dropbox").mkdir()
    with pytest.raises(HomeError, match="Dropbox"):
        create_real(tmp_path / "Dropbox" / "home", lambda _: None)
    assert list((tmp_path / "Dropbox").iterdir()) == []
    made = create_real(tmp_path / "home", lambda _: None)
    assert Home.open(made.folder) == made
    made.folder.rename(tmp_path / "Dropbox" / "home")
    with pytest.raises(HomeError, match="Dropbox"):
        Home.open(tmp_path / "Dropbox" / "home")
