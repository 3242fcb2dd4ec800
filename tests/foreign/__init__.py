"""Bots in libraries that the stand-in for Discord wasn't written beside, on the real stand-in."""
