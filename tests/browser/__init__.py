"""The dashboard in a real browser; a package, so that its tests share one and close it."""
