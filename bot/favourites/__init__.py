"""Pictures that members keep, and the showcase of those that many keep."""
