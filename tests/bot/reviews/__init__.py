"""Reviews without Discord."""
