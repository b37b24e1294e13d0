"""The homes and tabs that tests of pages share."""

from tests.support.web.site import full, open_site, own_site

__all__ = ["full", "open_site", "own_site"]
