"""The parts of Learning: steps, tests, help in place, and pupil premium plus."""
