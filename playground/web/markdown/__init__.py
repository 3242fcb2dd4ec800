"""Discord's markdown as HTML."""
