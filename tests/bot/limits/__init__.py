"""Who may spend how much."""
