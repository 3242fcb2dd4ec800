"""The extent to which the stand-ins imitate the platforms: docs/imitation.md, and the requests that show it."""
