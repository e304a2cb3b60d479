"""Deeds with an assessment, a plan, meetings and reviews that are not changes of their own state."""
