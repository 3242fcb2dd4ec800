"""Promises, held against the real bot over real HTTP and a real websocket."""
