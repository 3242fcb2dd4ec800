"""Stand-ins for Discord and Apiframe, and the real bot between them."""
