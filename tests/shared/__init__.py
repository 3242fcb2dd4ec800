"""What tests share, because opening it costs more than most of them: a bot, and a playground."""
