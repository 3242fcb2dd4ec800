"""`imagine-bot check --deep`, between the stand-ins."""
