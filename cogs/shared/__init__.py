"""Code that several features of the cogs use."""
