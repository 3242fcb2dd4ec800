"""The choices that apply where a member makes none: their own defaults, and their server's."""
