"""The page, room by room."""
