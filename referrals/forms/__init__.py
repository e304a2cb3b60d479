"""What people are asked at the front door. The words are theirs; the rules are in ``transitions``."""
