"""Everything that stands on discord.py: the client, its command tree, and the guard before its parsers."""
