"""What several features share."""
