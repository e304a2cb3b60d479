"""The pages of the front door. One view: guard, form, one call to the domain, redirect."""
