"""Posting pictures, progress and failures to Discord."""
