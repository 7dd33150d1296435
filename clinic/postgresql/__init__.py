"""Django's PostgreSQL, but for how it sees that a connection is gone."""
