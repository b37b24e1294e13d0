"""The homes and tabs that tests of pages share."""

from tests.support.web.site import folders, open_site

__all__ = ["folders", "open_site"]
