"""The small aiohttp server for health checks."""
