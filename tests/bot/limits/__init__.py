"""Spending limits."""
