"""`imagine-bot check --deep`: use the platforms once, and compare each answer with its expected shape."""
