"""The school's logo, the one picture of a report."""

import io
from typing import Final

from PIL import Image

_LARGEST: Final = (900, 450)


class LogoError(ValueError):
    """The school's logo is no picture that we can print."""


def clean_logo(data: bytes) -> bytes:
    """The school's logo as a small PNG without what a camera or a program wrote into it.

    Raises LogoError where `data` is no PNG or JPEG picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            image.thumbnail(_LARGEST)
            plain = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoError("The logo is not a PNG or JPEG picture.") from error
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, "PNG")
    return out.getvalue()
