"""What this computer takes, beside other programs."""
