"""What the process answers over HTTP: a real bot, asked over a real connection."""
