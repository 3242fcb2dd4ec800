"""Hundreds of pictures through bad weather on every side, while the bot is killed every few seconds."""
