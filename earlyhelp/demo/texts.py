"""What referrers, workers and families say, in invented words."""

from __future__ import annotations

from dataclasses import dataclass

from earlyhelp.directory.models import Need

N = Need


@dataclass(frozen=True)
class Words:
    """Of a referral: why now, what was tried, what the family wants; its needs; strengths and worries."""

    why_now: str
    tried: str
    wants: str
    needs: tuple[Need, ...]
    strengths: str = "The children are loved, and the family asked for help themselves."
    worries: str = "If nothing changes it will be harder to put right in a year."


REFERRALS = (
    Words(
        "Late for school most days and often without breakfast. Mum works nights and is exhausted.",
        "The school’s breakfast club; three talks with Mum.",
        "Help with mornings, and somebody to talk to about work.",
        (N.EDUCATION, N.RELATIONSHIPS),
    ),
    Words(
        "Dad is bringing up the children alone since the spring. Money is short and the youngest will not sleep.",
        "Health visitor’s sleep advice; food bank vouchers.",
        "A routine, and to know what he is entitled to.",
        (N.MONEY, N.EARLY_YEARS),
    ),
    Words(
        "Two moves in a year and a third likely. The eldest has stopped going to school.",
        "Housing officer has asked for more time; the school has offered a reduced timetable.",
        "One person to talk to instead of nine.",
        (N.HOUSING, N.EDUCATION, N.MONEY),
    ),
    Words(
        "Arguments at home that the children hear. Both parents want it to stop and do not know how. No violence is reported.",
        "They saw the GP together.",
        "To stop shouting, for the children’s sake.",
        (N.RELATIONSHIPS, N.HEALTH),
    ),
    Words(
        "The eldest looks after the younger ones while Mum is unwell.",
        "A neighbour helps on Tuesdays.",
        "For her daughter to have a childhood.",
        (N.HEALTH, N.RELATIONSHIPS),
    ),
    Words(
        "Rent arrears and a broken boiler. The youngest has had bronchitis twice. The landlord does not answer.",
        "Letters to the landlord; the GP has written too.",
        "A warm house and no more letters.",
        (N.HOUSING, N.MONEY, N.HEALTH),
    ),
    Words(
        "Waiting for an autism assessment, sent home from school eleven times this term. Mum has given up her job.",
        "A quiet room at school; a referral to the paediatrician.",
        "School to understand, and some sleep.",
        (N.EDUCATION, N.HEALTH, N.MONEY),
    ),
    Words(
        "New to the county, no family near, little English. The health visitor is their only visitor.",
        "An invitation to the children’s centre, not taken up.",
        "To meet other mothers.",
        (N.RELATIONSHIPS, N.EARLY_YEARS),
    ),
    Words(
        "Out late with older young people, and new trainers nobody bought. The family is frightened.",
        "The school has asked about it twice; police have visited once.",
        "To be safe, and to be listened to.",
        (N.CRIME, N.EDUCATION),
    ),
    Words(
        "Since the bereavement nobody has been to the dentist, the doctor or school on time.",
        "Bereavement leaflets; a call from the school nurse.",
        "To feel less alone with it.",
        (N.HEALTH, N.EDUCATION),
    ),
)
# What bulk cases say of themselves.
REQUESTS = tuple(f"{words.why_now}\n\nWhat the family wants: {words.wants}" for words in REFERRALS)
WISHES = (
    "Somebody who comes to the house and does not talk over the children.",
    "They did not mind who, as long as it is one person.",
    "A woman, if possible.",
    "The school’s own worker, whom the children know.",
    "Somebody who can be reached in the evening.",
)


@dataclass(frozen=True)
class Finding:
    """Under one heading of an assessment, and the plan that answers it."""

    strengths: str
    worries: str
    change: str
    goal: str
    action: str
    sign: str


FINDINGS: dict[str, Finding] = {
    N.EDUCATION: Finding(
        "Likes the teacher and has one good friend.",
        "Attendance has fallen to 78 per cent.",
        "Every day at school, on time.",
        "I want to be there for the start of the day.",
        "Breakfast club three mornings a week, and a lift on the others",
        "Attendance above 92 per cent by the review",
    ),
    N.EARLY_YEARS: Finding(
        "Curious, chatty, loves water.",
        "No nursery place is used, and bedtime is a battle.",
        "A nursery routine and settled nights.",
        "We want calm evenings.",
        "Stay-and-play twice a week at the children’s centre",
        "Asleep by eight on five nights of seven",
    ),
    N.HEALTH: Finding(
        "Registered with a GP whom they trust.",
        "Low mood, missed appointments.",
        "Appointments kept, and treatment begun.",
        "I want to feel like myself again.",
        "GP appointment, and somebody to go along",
        "Seen within three weeks; the next appointment in the diary",
    ),
    N.SUBSTANCES: Finding(
        "Wants to drink less and says so.",
        "Drinks alone most evenings.",
        "Support from the service, weekly.",
        "I want clear mornings.",
        "First appointment with the drug and alcohol service",
        "Three appointments kept",
    ),
    N.RELATIONSHIPS: Finding(
        "They laugh together, and nobody is left out.",
        "Shouting most evenings; the children go to their rooms.",
        "Agreed rules, and time together.",
        "We want to talk without shouting.",
        "Parenting group, six mornings",
        "Two evenings a week without an argument",
    ),
    N.SAFETY: Finding(
        "Tells a trusted adult when frightened.",
        "Goes missing overnight.",
        "A safety plan that the whole family knows.",
        "I want to feel safe coming home.",
        "Safety plan written together",
        "No night missing for a month",
    ),
    N.CRIME: Finding(
        "Good at football; the coach would have him back.",
        "Complaints from neighbours, and older friends.",
        "Something to do after school, and people to do it with.",
        "I want to be known for something good.",
        "Training on Tuesdays and Thursdays, with a lift",
        "No complaint for six weeks",
    ),
    N.DOMESTIC_ABUSE: Finding(
        "Has told somebody.",
        "Still afraid of who might come.",
        "Support from the specialist service.",
        "I want to stop looking over my shoulder.",
        "First meeting with the domestic abuse service",
        "Support in place, and the locks changed",
    ),
    N.HOUSING: Finding(
        "They like the street and want to stay.",
        "Notice has been threatened.",
        "A tenancy that is safe.",
        "We want to stay in our home.",
        "Repayment agreed with the landlord",
        "No further notice; the arrears falling each month",
    ),
    N.MONEY: Finding(
        "Keeps every letter in one box.",
        "Benefits are wrong since the change of job; debts of £1,800.",
        "The right benefits, and a plan for the debts.",
        "I want to open the post without fear.",
        "Benefits check and debt advice",
        "Benefits in payment; a repayment plan kept for two months",
    ),
    N.CONNECTION: Finding(
        "Warm and funny in company.",
        "Sees nobody from one week to the next.",
        "Somewhere to go each week.",
        "I want a friend nearby.",
        "Coffee morning, together the first time",
        "Goes alone by the third week",
    ),
}
VOICES = (
    "I like it when we eat together. I don’t like the shouting.",
    "Can we have our own room? That would be best.",
    "Mum is tired a lot. I make the tea.",
    "School’s all right. I’d like to see my nan more.",
    "I want everybody to stop asking me the same thing.",
)
SEEN = "Drew the house with everybody in it, and the cat biggest of all."
