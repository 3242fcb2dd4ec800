"""People in front of Discord's client."""
