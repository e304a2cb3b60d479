"""The story of the Grants in its parts, and what all of them speak of."""

from earlyhelp.directory.models import Need

CHILDREN = {"Tyler": 9, "Demi": 6, "Kai": 3}
NEEDS = (Need.HOUSING, Need.MONEY, Need.RELATIONSHIPS, Need.EDUCATION, Need.CRIME)
BENEFITS, RENT, TUESDAYS = "Claim the right benefits", "Agree how the rent is repaid", "Have the children on Tuesdays"
POLICE_SAID = "Two calls about noise in the spring; no violence."
