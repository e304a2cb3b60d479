"""What a postcode looks like, for whatever keeps one."""

from django.core.validators import RegexValidator

full_postcode = RegexValidator(r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$", "Enter a full postcode, like LE1 1AA.")
