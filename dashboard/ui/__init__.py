"""What pages are made of: the tab's session, the frame, forms, lists."""
