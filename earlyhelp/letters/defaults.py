"""The letters with which a new authority starts: plain words, and nothing that the reader does not know (domain.md R2).

They are rows, and a council administrator writes them anew on their page.
"""

from __future__ import annotations

from earlyhelp.letters.enums import Kind, Reader

TO_REFERRER, TO_FAMILY = "Your referral {reference}", "About help for your family"
BY_US = "\n\n{council}"
SIGNED = "\n\n{officer}\n{council}"
ASK = "\n\nIf you have a question, or if things change, ring me: {officer}.\n\n{officer_name}\n{council}"
YOUR_RECORD = (
    "\n\nYou may say no to any help, now or later."
    " You may ask to see what is written about you, and say if it is wrong."
)

DEFAULTS: dict[tuple[Kind, Reader], tuple[str, str]] = {
    (Kind.ACCEPTED, Reader.REFERRER): (
        TO_REFERRER,
        "Thank you for your referral. Early help is the right answer.\n\n"
        "The hub for {area} now decides who works with the family. You see on the page of your referral how it goes on, "
        "and who leads it once somebody does.\n\n"
        "Please go on with what you do for the family meanwhile. If you fear for anybody, do not wait for us." + SIGNED,
    ),
    (Kind.ACCEPTED, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\n{referrer} asked us, with your agreement, whether we could help your family. We can.\n\n"
        "People from schools, health, housing and the council meet and choose one person who comes to see you. That person "
        "tells you their name, listens to what you want to change, and makes a plan with you." + YOUR_RECORD + ASK,
    ),
    (Kind.STEPPED_UP, Reader.REFERRER): (
        TO_REFERRER,
        "Thank you for your referral. What you told us needs social care, and we have handed it over to them.\n\n"
        "They may ring you. If anything more happens, tell them at once; in an emergency ring 999." + SIGNED,
    ),
    (Kind.STEPPED_UP, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\nWe were told some things that worry us, and we have asked social care to talk with you. "
        "We would rather you heard this from us.\n\nSomebody from social care gets in touch with you. They want to hear "
        "what you say about it." + ASK,
    ),
    (Kind.SIGNPOSTED, Reader.REFERRER): (
        TO_REFERRER,
        "Thank you for your referral. We think that one service can help without a plan of several agencies:\n\n{services}\n\n"
        "Please tell the family how to reach them, and help with the first call if that is hard. Refer again if it is "
        "not enough." + SIGNED,
    ),
    (Kind.SIGNPOSTED, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\n{referrer} asked us who could help your family. We think that these people can:\n\n{services}\n\n"
        "You can ring them yourselves; you need no letter from us. If it is hard to make the first call, ring me and "
        "we do it together." + YOUR_RECORD + ASK,
    ),
    (Kind.ADVICE_GIVEN, Reader.REFERRER): (
        TO_REFERRER,
        "Thank you for your referral. You know this family best, and we think that you can help them with this:\n\n{advice}\n\n"
        "Ring us if it does not work, and refer again if more is needed." + SIGNED,
    ),
    (Kind.ADVICE_GIVEN, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\n{referrer} asked us what could help your family. This is what we suggest:\n\n{advice}"
        + YOUR_RECORD
        + ASK,
    ),
    (Kind.DIRECTED, Reader.REFERRER): (
        TO_REFERRER,
        "Thank you for your referral. With their agreement we have put somebody of the family in touch with {where}.\n\n"
        "They are expected there. What they talk about stays between them; refer again if more is needed." + SIGNED,
    ),
    (Kind.DIRECTED, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\nAs we agreed, we have put you in touch with {where}. They get in touch with you in the way "
        "that you told us." + YOUR_RECORD + ASK,
    ),
    (Kind.LINKED, Reader.REFERRER): (
        TO_REFERRER,
        "Thank you for your referral. Somebody works with this family already, and what you told us has gone to them.\n\n"
        "They may get in touch with you." + SIGNED,
    ),
    (Kind.LINKED, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\n{referrer} told us of something that may help you. We have passed it on to the person who "
        "works with you already, and they will talk with you about it." + YOUR_RECORD + ASK,
    ),
    (Kind.HUB_OPENED, Reader.REFERRER): (
        TO_REFERRER,
        "The hub for {area} has talked about the family whom you referred, and early help begins. A lead professional is "
        "being asked; the page of your referral says when they have accepted.\n\n{hub_says}\n\n"
        "Please go on with what you do for the family meanwhile. If you fear for anybody, do not wait for us." + BY_US,
    ),
    (Kind.HUB_SIGNPOSTED, Reader.REFERRER): (
        TO_REFERRER,
        "The hub for {area} has talked about the family whom you referred. It thinks that help without a plan of several "
        "agencies is enough, from:\n\n{where}\n\n{hub_says}\n\n"
        "Please help the family with the first call if that is hard. Refer again if it is not enough." + BY_US,
    ),
    (Kind.HUB_SIGNPOSTED, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\nPeople from schools, health, housing and the council have met and talked about what could help "
        "your family. We think that these people can:\n\n{where}\n\n"
        "You can ring them yourselves; you need no letter from us. If it is hard to make the first call, ask whoever "
        "brought you this letter to do it with you." + YOUR_RECORD + BY_US,
    ),
    (Kind.HUB_HANDED_OVER, Reader.REFERRER): (
        TO_REFERRER,
        "The hub for {area} has talked about the family whom you referred. What we know needs social care, and we have "
        "handed it over to them.\n\n{hub_says}\n\n"
        "They may ring you. If anything more happens, tell them at once; in an emergency ring 999." + BY_US,
    ),
    (Kind.HUB_HANDED_OVER, Reader.FAMILY): (
        TO_FAMILY,
        "Dear {people},\n\nAs we told you, some things worry us, and we have asked social care to talk with you.\n\n"
        "Somebody from social care gets in touch with you. They want to hear what you say about it."
        + YOUR_RECORD
        + BY_US,
    ),
    (Kind.LED, Reader.REFERRER): (
        TO_REFERRER,
        "A lead professional from {lead_agency} has accepted the family whom you referred, and gets in touch with them.\n\n"
        "They may ask you to be one of the team around the family. If you fear for anybody, do not wait for us."
        + BY_US,
    ),
    (Kind.LED, Reader.FAMILY): (
        "Who works with your family",
        "Dear {people},\n\n{lead_name} works with your family from now on, and comes to see you soon.\n\n{lead}\n\n"
        "They want to hear what is going well and what you want to change. Together you make a plan, and they bring in "
        "whoever else can help. Tell them how you like to be called, and how it is safe to reach you."
        + YOUR_RECORD
        + BY_US,
    ),
    (Kind.ENDED, Reader.REFERRER): (
        TO_REFERRER,
        "Early help for the family whom you referred has ended: {ended}.\n\n"
        "Thank you for what you did for them. If you are worried again, refer them again." + BY_US,
    ),
    (Kind.ENDED, Reader.FAMILY): (
        "The end of early help",
        "Dear {people},\n\nOur work with your family has ended. What you changed is yours.\n\n"
        "If things get hard again you need not wait until they are as they were: ask for help again, yourselves or "
        "through somebody whom you trust, such as a school or a health visitor." + YOUR_RECORD + BY_US,
    ),
}
