"""The pages of assessment, plan, meetings and reviews. One view: guard, form, one call to the domain, redirect."""
