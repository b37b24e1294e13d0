"""The places where a home may be: a disk of this computer, in no folder that copies itself.

A service that copies a folder to its servers, or a share that others mount, takes every sealed
record along, and two computers that write it at once break it.
"""

import os
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from safeguards.errors import HomeError

_MOUNTS = Path("/proc/mounts")

#: The services that copy folders, by name, and shares, as `location.toml` has them.
_KNOWN = tomllib.loads(Path(__file__).with_name("location.toml").read_text(encoding="utf-8"))
_SERVICES: dict[str, Any] = _KNOWN["services"]
#: A file at the root; people's own folders have a folder of settings with the same name.
_DROPBOX = ".dropbox"
_NEXTCLOUD_STATE = ".sync_*.db"

#: The variables by which Windows tells programs where OneDrive's folders are.
_BY_VARIABLE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")

_OCTAL = re.compile(r"\\([0-7]{3})")


def refuse_shared(folder: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Raise HomeError if `folder`, which may be absent, is or would be copied elsewhere."""
    if (network := _find_network_type(folder)) is not None:
        raise HomeError(
            f"{folder} is on a network share ({network}). Name a folder on a disk of this computer."
        )
    if (service := _find_sync_service(folder, environ)) is not None:
        raise HomeError(
            f"{folder} is in a folder that {service} copies to other computers. Name a folder "
            "that is not in it."
        )


def find_mount(folder: Path) -> tuple[str, str] | None:
    """Return the mount of a folder by source and kind, such as ("/dev/sda1", "ext4").

    It is None if there is no list of mounts to read, as on systems other than Linux.
    """
    if sys.platform != "linux":
        return None
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    mount, longest = None, -1
    for line in mounts:
        source, point, kind, *_ = line.split(" ")
        place = Path(_unescape_octal(point))
        # of two mounts on one place, the later one is on top
        if folder.resolve().is_relative_to(place) and len(place.parts) >= longest:
            mount, longest = (_unescape_octal(source), kind), len(place.parts)
    return mount


def _find_sync_service(folder: Path, environ: Mapping[str, str]) -> str | None:
    """Return the service that copies the folder, by its path, its marks or the environment."""
    places = {folder.absolute(), folder.resolve()}
    for place in sorted(places):
        for part in place.parts:
            for service, known in _SERVICES.items():
                if re.fullmatch(known["folders"], part, re.IGNORECASE):
                    return service
        for above in (place, *place.parents):
            for service, known in _SERVICES.items():
                if any(_is_marked(above / mark) for mark in known["marks"]):
                    return service
            if above.is_dir() and any(above.glob(_NEXTCLOUD_STATE)):
                return "Nextcloud"
    roots = [Path(environ[name]) for name in _BY_VARIABLE if environ.get(name)]
    if any(place.is_relative_to(root) for place in places for root in roots):
        return "OneDrive"
    return None


def _is_marked(mark: Path) -> bool:
    return mark.is_file() if mark.name == _DROPBOX else mark.exists()


def _find_network_type(folder: Path) -> str | None:
    """Return the kind of share that the folder is on; None for a disk of this computer."""
    for text in (str(folder), str(folder.resolve())):  # a mapped drive resolves to its share
        if text.startswith("//") or PureWindowsPath(text).drive.startswith("\\\\"):
            return "by its name"
    mount = find_mount(folder)
    return mount[1] if mount is not None and mount[1] in _KNOWN["network_types"] else None


def _unescape_octal(text: str) -> str:
    return _OCTAL.sub(lambda code: chr(int(code[1], 8)), text)


_BLOCKS = Path("/sys/class/block")

#: Kinds of mount with one device; others have several, or none with a name.
_ON_ONE_DEVICE = frozenset({"ext2", "ext3", "ext4", "f2fs", "xfs"})


def is_seen_encrypted(folder: Path, blocks: Path = _BLOCKS) -> bool:
    """Say whether Linux encrypts every device that the folder is on.

    It is also False if that cannot be seen: on another system, or if a disk encrypts itself.
    """
    mount = find_mount(folder)
    if mount is None or mount[1] not in _ON_ONE_DEVICE or not mount[0].startswith("/"):
        return False
    # a mapper's name is a link to the device
    return _is_encrypted(blocks / Path(mount[0]).resolve().name)


def describe_disk_check(platform: str = sys.platform) -> str:
    """Say how a person finds out on this system whether a disk is encrypted."""
    advice = "Ask the person who looks after this computer."
    return str(_KNOWN["disk_checks"].get(platform, advice))


def _is_encrypted(device: Path) -> bool:
    try:
        if (device / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except (OSError, UnicodeDecodeError):
        pass  # a device that is no mapping has none
    slaves = device / "slaves"
    below = [device.parent / slave.name for slave in slaves.iterdir()] if slaves.is_dir() else []
    return bool(below) and all(_is_encrypted(lower) for lower in below)
