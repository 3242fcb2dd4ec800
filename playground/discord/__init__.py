"""A stand-in for Discord, written from its documentation."""
