"""The questions that a home of many schools asks over all of them; each is a page of its own."""
