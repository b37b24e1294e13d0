"""The files of a report in one, and the school's logo among them."""

import io
import zipfile
from datetime import date

import pytest
from PIL import Image

from dashboard.report.render.word import LogoError, clean_logo, zip_files

DAY = date(2026, 11, 20)


def test_the_same_files_are_the_same_archive_dated_with_the_data() -> None:
    files = {"part-one.docx": b"one", "part-one.pdf": b"{}"}
    made = zip_files(files, DAY)
    assert made == zip_files(dict(files), DAY)
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files
        assert {each.date_time[:3] for each in opened.infolist()} == {(2026, 11, 20)}
    assert made != zip_files(files, date(2026, 11, 21))


def test_a_logo_is_made_small_and_loses_what_a_camera_wrote() -> None:
    photo = Image.new("RGB", (4000, 1000), "navy")
    exif = photo.getexif()
    exif[0x010E] = "taken at the home of a child"
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif, comment=b"a comment")
    assert b"home of a child" in out.getvalue()
    made = clean_logo(out.getvalue())
    assert made.startswith(b"\x89PNG")
    assert b"home of a child" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (900, 225)
        assert image.info == {}


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"GIF89a" + bytes(99), b"\x89PNG\r\n\x1a\n" + bytes(50)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(LogoError, match="not a PNG or JPEG"):
        clean_logo(data)
