"""Widgets: values in, messages out. No HTTP and no storage."""
