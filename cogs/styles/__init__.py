"""Making, sharing and deleting styles."""
