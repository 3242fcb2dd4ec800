"""What Discord users touch, one module a feature."""
