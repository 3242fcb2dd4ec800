"""What stands on discord.py: so far, what its errors mean."""
