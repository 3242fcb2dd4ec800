"""Discord's validation rules, and its error messages."""
