"""The early-indicator checklist: one list, for children and adults (domain.md R31 and 10). The wording is our own.

The groups follow the county’s causes of need and the children whom public guidance asks to be alert to. What is said of
the home is asked once, whoever the list is about.
"""

from __future__ import annotations

from typing import Any

from referrals.enums import Outcome, SetKind, Voice
from referrals.shipped import Shipped

HEALTH = "Health and getting about"
ALONE = "Feeling alone, afraid or hurt"
CARING = "Caring, and losing somebody"
HOME = "Home, warmth and money"
LEARNING = "School, learning and work"
FAMILY = "Family and safety"
SUBSTANCES = "Drink, drugs and gambling"


def _ask(group: str, voice: Voice, code: str, text: str, help: str = "") -> dict[str, Any]:
    return {"group": group, "voice": voice.value, "code": code, "text": text, "help": help}


QUESTIONS = [
    _ask(
        HEALTH,
        Voice.EVERYONE,
        "health",
        "Illness, pain or disability makes everyday life hard",
        "Seeing and hearing too.",
    ),
    _ask(HEALTH, Voice.EVERYONE, "mind", "Often very worried, sad or angry", "For two weeks or more."),
    _ask(HEALTH, Voice.ADULT, "falls", "Has had a fall, or is afraid of falling"),
    _ask(HEALTH, Voice.ADULT, "memory", "Forgets more than before, or gets muddled"),
    _ask(HEALTH, Voice.ADULT, "everyday", "Finds it hard to wash, dress, cook or get out of the house"),
    _ask(HEALTH, Voice.CHILD, "early_years", "Under five, and slow to talk, walk or play for their age"),
    _ask(ALONE, Voice.EVERYONE, "lonely", "Often feels lonely or left out"),
    _ask(ALONE, Voice.ADULT, "lives_alone", "Lives alone"),
    _ask(
        ALONE,
        Voice.EVERYONE,
        "hurt",
        "Is being hurt, threatened, controlled or forced by somebody",
        "Now or not long ago; at home or elsewhere; in person or online.",
    ),
    _ask(ALONE, Voice.EVERYONE, "self_harm", "Has spoken of not wanting to live, or has hurt themselves"),
    _ask(
        CARING,
        Voice.EVERYONE,
        "carer",
        "Looks after somebody who could not manage without them",
        "Somebody ill, disabled, frail, or who drinks or takes drugs.",
    ),
    _ask(CARING, Voice.EVERYONE, "loss", "Somebody close has died, or has gone away"),
    _ask(CARING, Voice.CHILD, "away", "Lives with somebody who is not a parent, or has a parent in prison"),
    _ask(HOME, Voice.HOUSEHOLD, "warm", "The home is cold, damp, too full or in bad repair"),
    _ask(HOME, Voice.HOUSEHOLD, "home_at_risk", "They may lose their home, or have nowhere settled to live"),
    _ask(HOME, Voice.HOUSEHOLD, "money", "The money does not last", "Food, heating, rent, debts."),
    _ask(LEARNING, Voice.ADULT, "work", "Wants work, training or something to do, and has not found it"),
    _ask(
        LEARNING,
        Voice.CHILD,
        "school",
        "Often misses school or nursery, or has been sent home or suspended",
        "Not being on the roll of any school counts too.",
    ),
    _ask(LEARNING, Voice.CHILD, "learning", "Finds learning or getting on with others much harder than most"),
    _ask(FAMILY, Voice.ADULT, "children", "Children live with them, or often stay"),
    _ask(FAMILY, Voice.HOUSEHOLD, "arguments", "There are often bad arguments at home"),
    _ask(FAMILY, Voice.HOUSEHOLD, "afraid", "Somebody at home is afraid of another person there"),
    _ask(FAMILY, Voice.CHILD, "drawn_in", "Goes missing, or is being drawn in by people who use or mislead them"),
    _ask(FAMILY, Voice.CHILD, "trouble", "Has been in trouble with neighbours or the police"),
    _ask(SUBSTANCES, Voice.HOUSEHOLD, "substances", "Somebody’s drinking, drugs or gambling causes harm at home"),
]


def _route(code: str, when: str, title: str, explanation: str, route: str, **also: Any) -> dict[str, Any]:
    return _rule(code, when, Outcome.ROUTE, title, explanation, route=route, **also)


def _service(code: str, when: str, title: str, explanation: str, need: str, **also: Any) -> dict[str, Any]:
    return _rule(code, when, Outcome.SERVICE, title, explanation, need=need, **also)


def _rule(code: str, when: str, outcome: Outcome, title: str, explanation: str, **also: Any) -> dict[str, Any]:
    return {
        "code": code,
        "when": when,
        "outcome": outcome.value,
        "title": title,
        "explanation": explanation,
        **also,
    }


RULES = [
    _rule(
        "harm",
        "hurt is yes or unsure or afraid is yes or unsure or drawn_in is yes or unsure",
        Outcome.URGENT,
        "Somebody may be at risk of harm",
        "Speak to social care now. It needs nobody’s agreement, and it does not wait for the rest of this page.",
    ),
    _rule(
        "not_wanting_to_live",
        "self_harm is yes or unsure",
        Outcome.URGENT,
        "Somebody may hurt themselves",
        "Stay with them. If their life is in danger, ring 999. Otherwise ring 111 and choose mental health, by day or by "
        "night; and speak to social care.",
    ),
    _route(
        "early_help",
        "3 of (mind is yes, early_years is yes, away is yes, school is yes, learning is yes, trouble is yes, "
        "arguments is yes, home_at_risk is yes, money is yes, substances is yes, carer is yes)",
        "Early help for the family",
        "Several things are hard at once. A family can have one person who brings everybody together.",
        "early_help",
        age_to=17,
    ),
    _route(
        "children_too",
        "children is yes and (mind is yes or loss is yes or money is yes or home_at_risk is yes or substances is yes "
        "or arguments is yes)",
        "Ask about help for the children",
        "What is hard for a grown-up is often hard for the children too. Ask who helps them, and whether they want more.",
        "early_help",
        age_from=18,
    ),
    _route(
        "alongside",
        "(lonely is yes and (lives_alone is yes or memory is yes or health is yes or loss is yes or everyday is yes)) "
        "or 3 of (lonely is yes, health is yes, mind is yes, money is yes, work is yes)",
        "Local area coordination",
        "Somebody from the neighbourhood walks alongside them, starting with what a good life is to them.",
        "lac",
        age_from=18,
    ),
    _service(
        "memory",
        "memory is yes",
        "Support with memory and dementia",
        "Forgetting more than before is worth help early on, for them and for those near to them.",
        "health",
        age_from=18,
    ),
    _rule(
        "care_needs",
        "everyday is yes or (memory is yes and (lives_alone is yes or everyday is unsure))",
        Outcome.ADVICE,
        "A care needs assessment",
        "Everybody who may need care has a right to be assessed by adult social care (Care Act 2014, section 9), whatever "
        "they own. Say so, and ask whether they want it now.",
        age_from=18,
    ),
    _rule(
        "see_a_doctor",
        "memory is yes or falls is yes or (health is yes and mind is yes)",
        Outcome.ADVICE,
        "See the GP",
        "A doctor can find out what is behind it, and whether medicines play a part.",
    ),
    _service(
        "steady",
        "falls is yes",
        "Staying steady",
        "One fall makes the next more likely. Exercise and a safer home help most.",
        "health",
        age_from=50,
    ),
    _service(
        "company",
        "lonely is yes",
        "Company and something to look forward to",
        "They often feel lonely. A group, a befriender or something to do together helps many people.",
        "connection",
    ),
    _service(
        "mind",
        "mind is yes",
        "Support with worry, sadness or anger",
        "It has lasted, and talking to somebody trained for it helps.",
        "health",
    ),
    _service(
        "carer",
        "carer is yes",
        "Support for carers",
        "They look after somebody. Carers have a right to an assessment of their own, and to a break.",
        "connection",
        age_from=18,
    ),
    _service(
        "young_carer",
        "carer is yes",
        "Support for young carers",
        "A child who looks after somebody has a right to help, and to time of their own.",
        "relationships",
        age_to=17,
    ),
    _service(
        "bereaved",
        "loss is yes",
        "Support after a loss",
        "Somebody close has died or gone. It is never too late, or too early, to talk about it.",
        "health",
    ),
    _service(
        "money",
        "money is yes",
        "Help with money and debts",
        "The money does not last. Advisers find what people are owed, and make debts bearable.",
        "money",
    ),
    _service(
        "keep_the_home",
        "home_at_risk is yes or unsure",
        "Help to keep the home",
        "The earlier somebody asks, the more can be done. The council has a duty to help from eight weeks before.",
        "housing",
    ),
    _service(
        "warm_home",
        "warm is yes",
        "A warm and safe home",
        "A cold or damp home makes people ill. There is help with heating, repairs and bills.",
        "housing",
    ),
    _service(
        "work",
        "work is yes",
        "Courses, volunteering and work",
        "They want something to do. Many courses are free, and volunteering is a way in.",
        "education",
        age_from=16,
    ),
    _service(
        "school",
        "school is yes or learning is yes",
        "Help with school and learning",
        "School is hard, or is missed. Help works best before it becomes a habit.",
        "education",
        age_to=18,
    ),
    _service(
        "little_ones",
        "early_years is yes",
        "Help for little ones to grow",
        "Children grow at their own pace, and some need a hand. The earlier the better.",
        "early_years",
        age_to=5,
    ),
    _service(
        "getting_on",
        "arguments is yes",
        "Help to get on at home",
        "Bad arguments weigh on everybody, on children most. Families can learn to argue better.",
        "relationships",
    ),
    _service(
        "trouble",
        "trouble is yes",
        "Something better to do",
        "Trouble often starts with boredom and bad company. A mentor or a club can turn it round.",
        "crime",
        age_to=18,
    ),
    _service(
        "substances",
        "substances is yes",
        "Help with drink, drugs or gambling",
        "For whoever drinks, takes or plays, and just as much for those who live with it.",
        "substances",
    ),
]

CHECKLIST = Shipped(
    kind=SetKind.CHECKLIST.value,
    title="What might help?",
    introduction="Say what you ask for, and why: to see what might help. They need not answer anything. “Not sure” is a "
    "good answer.",
    questions=QUESTIONS,
    rules=RULES,
)
