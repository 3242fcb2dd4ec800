"""A check that docstrings, comments and documents are written in plain English."""
