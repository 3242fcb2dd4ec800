"""A Discord client for the terminal: it shows what a channel shows, and types commands as a member."""
