"""What stands on discord.py: what its errors mean, and how often the bot may identify."""
