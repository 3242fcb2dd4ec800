"""What stands on discord.py's gateway."""
