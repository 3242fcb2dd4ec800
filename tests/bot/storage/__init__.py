"""Values come back from storage as they were stored."""
