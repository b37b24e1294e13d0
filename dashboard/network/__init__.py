"""How browsers come to a server, on one computer or from the school's network."""
