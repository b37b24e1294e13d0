"""Files as strict text, whatever they are written in."""
