"""The parts of pages, a module a page."""
