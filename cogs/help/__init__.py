"""Help for new members, and the greeting of a new server."""
