"""The pages of who is who: the record of a family and its people, and whether two of them are one."""
