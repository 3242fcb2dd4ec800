"""The terminal as a Discord client."""
