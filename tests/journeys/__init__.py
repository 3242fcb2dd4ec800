"""People, from what they do to what they see."""
