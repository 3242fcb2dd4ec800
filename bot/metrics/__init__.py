"""Metrics for Prometheus, in a registry of their own."""
