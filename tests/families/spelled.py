"""Invented homes, the many ways in which a tired person spells one of them, and notes that name another (promises P2 and B)."""

import ast
from pathlib import Path
from random import Random

from earlyhelp.demo import names
from earlyhelp.demo.names import STREETS, TOWNS, home
from earlyhelp.families.spelling import NUMBERS, SHORT, TENS, secrets_in

HOUSES = ["Willows", "Fairview", "The Hollies", "Rose Cottage", "Haven House", "Southfields", "Larkrise", "Beech Lodge"]
SHORTER = {whole: short for short, whole in sorted(SHORT.items(), reverse=True)}
FIGURES = {number: word for word, number in NUMBERS.items()}
SENTENCES = [
    "She is safe now at {}, and the boys are well.",
    "{} - visited, nobody in.",
    "Moved again. New place: {}\nRing first.",
    "Went to see Mum ({}) after school.",
    "They live near {} now",
]
ABOUT_OTHERS = [
    "Met Mum at her sister’s, {}.",
    "The club is at {} on 12 March at 17.30.",
    "Nan lives at {} and has them on 2 days.",
    "School moved to {}; 14 children go by bus.",
    "Dad’s old flat was {}. He left in 2019.",
]


def secret_place(dice):
    """A house in a street, sometimes with a flat before it or a name of its own; or a house that has a name alone."""
    place = home(dice, dice.choice(list(TOWNS))) | {"line_2": ""}
    how = dice.randrange(10)
    if how < 3:
        flat = dice.choice(["Flat {}, ", "Flat {} ", "{}/", "Room {}, "]).format(dice.randint(1, 9))
        return place | {"line_1": flat + place["line_1"]}
    if how == 3:
        return place | {"line_1": dice.choice(HOUSES), "line_2": ""}
    return place | {"line_2": dice.choice(HOUSES)} if how == 4 else place


def exact(place):
    return [place["line_1"], place["postcode"], place["postcode"].lower(), place["postcode"].replace(" ", "")]


def variants(place, dice):
    """(what was done to it, the address so spelled)."""
    outward, inward = place["postcode"].split()
    yield "first figure alone", f"{outward} {inward[0]}"
    yield "spaced otherwise", f"{outward.lower()}  {inward[0]} {inward[1:].lower()}"
    yield "hyphen", f"{outward}-{inward}"
    yield "run together with the town", f"{place['town']}{outward}{inward}"
    yield "letter by letter", " ".join(outward + inward)
    yield "l for 1", place["postcode"].replace("1", "l")
    line = place["line_1"]
    number, street = _house(line)
    if not number:
        yield "shouted", line.upper()
        yield "called", f"a house called {line.lower().removeprefix('the ')}"
        return
    *name, kind = street.split()
    short = SHORTER.get(kind.lower(), kind)
    yield "lower case", line.lower()
    yield "comma", f"{number}, {street}"
    yield "hyphen in the street", f"{number} {street.replace(' ', '-')}"
    yield "shortened", f"{number} {' '.join(name)} {short.title()}."
    yield "no.", f"No. {number}, {street}"
    yield "another flat", f"Flat {dice.randint(10, 30)} {number} {street}"
    yield "with a slash", f"{dice.randint(10, 30)}/{number} {' '.join(name)} {short}"
    yield "with a letter", f"{number}{dice.choice('abc')} {street}"
    yield "on two lines", f"{number}\n{street}"
    yield "spaces", f"{number}  {'  '.join(street.split())}"
    yield "without lane", f"{number} {' '.join(name)}"
    yield "turned round", f"{street} {number}"
    yield "in words", f"{_in_words(int(number))} {street}" if int(number) < 100 else f"{number} {street}"
    yield "one word", f"{number} {street.replace(' ', '')}"
    yield "the street alone", f"the house in {street}"
    yield "the street shortened", f"in {' '.join(name)} {short} somewhere"
    yield "unseen marks", f"{number}\u00a0{street[0]}\u200b{street[1:]}"
    for _ in range(3):
        yield "a slip", f"{number} {slip(street, dice)}"


def _house(line):
    found = [word for word in line.replace("/", " ").replace(",", " ").split()]
    numbers = [at for at, word in enumerate(found) if word.isdigit()]
    return (found[numbers[-1]], " ".join(found[numbers[-1] + 1 :])) if numbers else ("", line)


def _in_words(number):
    if number in FIGURES:
        return FIGURES[number]
    return f"{TENS[number // 10 - 2]}-{FIGURES[number % 10]}"


def slip(street, dice):
    """One letter missing, doubled, wrong, or two the wrong way round, in the street's own name."""
    at = dice.randrange(1, len(street.split()[0]) - 1)
    before, here, after = street[:at], street[at], street[at + 1 :]
    wrong, turned = before + dice.choice("aeiourst") + after, before + after[0] + here + after[1:]
    return dice.choice([before + after, before + here + here + after, wrong, turned])


def missed(homes, *, seed):
    """Of so many secret homes: (exact spellings, those not found, variants, those not found)."""
    dice = Random(seed)
    tried, lost, spelled, unfound = 0, [], 0, []
    for _ in range(homes):
        place = secret_place(dice)
        secrets = secrets_in([place], [])
        for said in exact(place):
            tried += 1
            lost += [] if secrets.stand_in(dice.choice(SENTENCES).format(said)) else [(place["line_1"], said)]
        for how, said in variants(place, dice):
            spelled += 1
            unfound += [] if secrets.stand_in(dice.choice(SENTENCES).format(said)) else [(how, place["line_1"], said)]
    return tried, lost, spelled, unfound


def false_alarms(homes, *, seed):
    """Of so many families with a secret home: (notes that name another street, those that were taken for it)."""
    dice = Random(seed)
    ordinary, notes, alarms = demo_texts(), 0, []
    for _ in range(homes):
        place = secret_place(dice)
        secrets = secrets_in([place], [])
        others = [street for street in STREETS if street not in place["line_1"]]
        for _ in range(5):
            other = home(dice, dice.choice(list(TOWNS)))
            number = dice.choice(
                [other["line_1"].split()[0], other["line_1"].split()[0], _house(place["line_1"])[0] or "5"]
            )
            named = f"{number} {dice.choice(others)}{dice.choice(['', ', ' + other['postcode']])}"
            note = f"{dice.choice(ordinary)} {dice.choice(ABOUT_OTHERS).format(named)}"
            notes += 1
            alarms += [(place["line_1"], place["postcode"], note)] if secrets.stand_in(note) else []
    return notes, alarms


def demo_texts():
    """All that people say in the invented county."""
    folder = Path(names.__file__).parent
    trees = [ast.parse(path.read_text()) for path in sorted(folder.rglob("*.py"))]
    words = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    said = {each for each in words if isinstance(each, str)}
    return sorted(each for each in said if each.count(" ") > 5 and each[0].isupper())
