"""A picture request: pure values, free of Discord, databases and networks."""
