"""What the school hears of a child in care or in need of protection: dated steps and times."""
