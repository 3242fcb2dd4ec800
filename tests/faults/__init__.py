"""Faults around the bot, and the results that the member still gets."""
