"""Who may spend how much: a pure policy and the ledger around it."""
