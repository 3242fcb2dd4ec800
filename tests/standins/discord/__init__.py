"""Promises of the stand-in for Discord, kept towards a bare discord.py client and towards plain HTTP."""
