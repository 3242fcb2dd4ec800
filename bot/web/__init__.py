"""The small aiohttp server: health, figures, and webhooks."""
