"""How fast the pages people live in are, on a county of 100,000 cases, beside hand-written SQL in the same run."""
