"""Who may use the served page: accounts, logging in, roles, tokens for programs."""
