"""/privacy: export and delete."""
