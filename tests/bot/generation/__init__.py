"""How a picture comes to be."""
