"""Limits, access rules, the audit log and usage, from inside Discord."""
