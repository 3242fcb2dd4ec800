"""Reviews: the messages in which moderators decide, and their buttons."""
