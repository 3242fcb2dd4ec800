"""How a picture comes to be: the durable workflow from a request to a delivered picture."""
