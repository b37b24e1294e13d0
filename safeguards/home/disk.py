"""Whether the disk under a folder is encrypted, as far as a program without rights can see."""

import sys
from pathlib import Path

from safeguards.home.location import find_mount

_BLOCKS = Path("/sys/class/block")

#: Kinds that lie on one device; others have several, or none that is named.
_ON_ONE_DEVICE = frozenset({"ext2", "ext3", "ext4", "f2fs", "xfs"})
#: How a person finds out, by system.
_DISK_CHECKS = {
    "linux": 'Run "lsblk -o NAME,TYPE,MOUNTPOINTS": the disk stands under a line of type crypt.',
    "darwin": 'Run "fdesetup status": it says "FileVault is On."',
    "win32": 'Run "manage-bde -status" as administrator: it says "Protection On" for the disk.',
}


def is_seen_encrypted(folder: Path, blocks: Path = _BLOCKS) -> bool:
    """Whether Linux encrypts every device that the folder lies on.

    False also says that it cannot be seen: another system, or a disk that encrypts itself.
    """
    mount = find_mount(folder)
    if mount is None or mount[1] not in _ON_ONE_DEVICE or not mount[0].startswith("/"):
        return False
    # a mapper's name is a link to the device
    return _is_encrypted(blocks / Path(mount[0]).resolve().name)


def describe_disk_check(platform: str = sys.platform) -> str:
    """How a person finds out on this system whether a disk is encrypted."""
    return _DISK_CHECKS.get(platform, "Ask whoever looks after this computer.")


def _is_encrypted(device: Path) -> bool:
    try:
        if (device / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except (OSError, UnicodeDecodeError):
        pass  # a device that is no mapping has none
    slaves = device / "slaves"
    below = [device.parent / slave.name for slave in slaves.iterdir()] if slaves.is_dir() else []
    return bool(below) and all(_is_encrypted(each) for each in below)
