"""The files of a report in one, to be taken away at once."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date

MIME = "application/zip"
_UNIX = 3
_OWN_FILE = 0o100600 << 16


def zip_files(files: Mapping[str, bytes], day: date) -> bytes:
    """A zip of these files by name, each dated with the day of the data.

    The same files give the same bytes.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
            entry.external_attr = _OWN_FILE
            made.writestr(entry, content)
    return out.getvalue()
