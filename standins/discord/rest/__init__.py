"""Discord's REST API v10, a room for each resource."""
