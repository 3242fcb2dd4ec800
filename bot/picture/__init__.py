"""What a picture request is: pure values, free of Discord, databases and networks."""
