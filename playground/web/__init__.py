"""The page: what a visitor sees of the playground, and does in it, in a browser."""
