"""The websocket: sessions, events, identifies."""
