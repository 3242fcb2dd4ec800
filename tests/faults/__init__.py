"""What goes wrong around the bot, and what the member then gets nevertheless."""
