"""Draws the pictures of the Apiframe stand-in."""
