"""The page in a real browser: people click, and see what they were promised."""
