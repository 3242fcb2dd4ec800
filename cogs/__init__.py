"""The bot's commands, buttons and messages, one folder for each feature."""
