"""The texts on the screen, which are made from figures, and the tables that contain them."""
