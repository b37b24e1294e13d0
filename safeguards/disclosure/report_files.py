"""The files of final reports, kept as they were issued; sealed, since Part Two is for few.

They hold what went out and nothing else; erasing a child changes none of them.
"""

import base64
import hashlib
from collections.abc import Mapping

from safeguards.disclosure.releases import Issued
from safeguards.errors import ReportError
from safeguards.journal.registers import SealedRegister


class ReportFiles(SealedRegister):
    """The files of one home's final reports."""

    FILE = "reports.sealed"

    def save_files(self, number: int, files: Mapping[str, bytes]) -> None:
        """Keep the files of a report; when this returns, they are on the disk.

        To be done before the report counts: of one that then does not, the files are never
        given out.  SealedLinesError as of `Journal.open_for_append`.
        """
        encoded = {
            name: base64.b64encode(content).decode("ascii") for name, content in files.items()
        }
        with self._journal.open_for_append() as write:
            write({"number": number, "files": encoded})

    def get_files(self, issued: Issued) -> dict[str, bytes]:
        """The files of a report, by name; ReportError if they are not those that went out."""
        self._journal.load()
        for record in reversed(self._journal.records):
            files = {name: base64.b64decode(content) for name, content in record["files"].items()}
            if record["number"] == issued.number and compute_digests(files) == dict(issued.digests):
                return files
        raise ReportError(
            f"The files of report {issued.number} are not kept here. Restore a backup with "
            "lac restore."
        )


def compute_digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file, in hexadecimal."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
