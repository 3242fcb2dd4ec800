"""A copy of everything stored about a person, and its deletion."""
