"""Guilds, channels, users, messages and interactions."""
