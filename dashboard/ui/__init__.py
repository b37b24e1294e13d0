"""The parts of pages: the tab's session, the frame, forms and lists."""
