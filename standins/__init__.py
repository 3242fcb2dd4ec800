"""Local servers that behave like Discord and Apiframe. They import nothing of the bot."""
