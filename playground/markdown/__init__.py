"""Discord's markdown as tokens, which the page and the terminal each render."""
