"""The parts of the page Attendance."""
