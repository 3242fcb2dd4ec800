"""Limits: a pure policy and the ledger around it."""
