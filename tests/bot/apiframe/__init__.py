"""Promises of the Apiframe client: over real HTTP, against the stand-in or a server of a few lines."""
