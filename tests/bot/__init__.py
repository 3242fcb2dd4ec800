"""Promises of the machine, folder by folder."""
