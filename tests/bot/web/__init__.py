"""The HTTP server of a real bot, over a real connection."""
