"""Text in pictures: what a drawing says and what a photograph's file says of itself."""

import struct
import zlib
from collections.abc import Iterator

from defusedxml.ElementTree import fromstring

from tests.proofs.attacker.files.figures import UnreadableError

_PNG = b"\x89PNG\r\n\x1a\n"


def texts_of_picture(name: str, content: bytes) -> Iterator[str]:
    """The texts of an SVG (labels for readers of screens too), and the notes in a PNG."""
    if content.startswith(_PNG):
        yield from _png(content)
    elif name.endswith(".svg"):
        for element in fromstring(content).iter():
            said = [element.text, element.tail]
            said += [
                value
                for key, value in element.attrib.items()
                if key.rpartition("}")[2] in {"aria-label", "aria-description", "title", "alt"}
            ]
            if not element.tag.endswith("}style"):
                yield from (" ".join(text.split()) for text in said if text and text.strip())
    elif not content.startswith(b"\xff\xd8"):  # a photograph, such as the school's own mark
        raise UnreadableError(f"no picture that the attacker can read: {name}")


def _png(content: bytes) -> Iterator[str]:
    place = len(_PNG)
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + length]
        place += length + 12
        if kind == b"zTXt":
            key, _, rest = body.partition(b"\0")
            yield f"{key.decode('latin-1')}: {zlib.decompress(rest[1:]).decode('latin-1')}"
        elif kind in {b"tEXt", b"iTXt"}:
            yield " ".join(body.replace(b"\0", b" ").decode("utf-8", "replace").split())
