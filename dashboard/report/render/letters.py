"""The letters of the report: Source Sans Pro, from its own package, and no font of the machine.

The package holds each face twice, as TTF and as OTF, and a folder is read in the order of the
disk; so the faces that we use are copied into a folder of their own.  A sign that Source Sans
lacks (a circle, a square) comes from the fonts within typst, which are the same everywhere.
"""

import atexit
import shutil
import tempfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

FONT_FAMILY: Final = "Source Sans Pro"

_PACKAGE = "font_source_sans_pro"
_FACES = ("Regular", "It", "Semibold", "Bold", "BoldIt")


@cache
def create_font_folder() -> Path:
    """A folder with one file for each face, gone at the end of the process."""
    own = Path(tempfile.mkdtemp(prefix="lac-letters-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    for face in _FACES:
        name = f"SourceSansPro-{face}.ttf"
        with as_file(files(_PACKAGE) / "files" / name) as source:
            shutil.copyfile(source, own / name)
    return own
