"""The second wall: what is restricted is not in the database's answer to anybody who is not named on it (ADR 13)."""
