from django.db import migrations

PUBLIC_TASK = "Public task: UK GDPR Article 6(1)(e), with sections 10 and 11 of the Children Act 2004."
HEALTH = "Article 9(2)(h) and (g): health and social care, and substantial public interest (safeguarding)."
ACTIVITIES = (
    (
        "Deciding what help is right when somebody asks",
        "We read what you or somebody else told us, look for whether we know your family, and may ask agencies that work with you.",
        PUBLIC_TASK,
        HEALTH,
        "Three years, if nothing more is done.",
    ),
    (
        "Working with your family",
        "Your lead professional writes an assessment, a plan and reviews with you. Who helps you reads what they need for it.",
        PUBLIC_TASK,
        HEALTH,
        "Until the youngest child’s 25th birthday, and for six years after the help ends.",
    ),
    (
        "Telling another agency",
        "We ask you first, and tell no more than you wish. We need no permission where somebody may be at risk of harm, for a "
        "crime, for a court, or where the law says so; and we tell you, unless that would put somebody at risk.",
        PUBLIC_TASK,
        HEALTH,
        "As long as the record: who was told what, and why, is written down each time.",
    ),
    (
        "Seeing whether the help works",
        "We count, without names, how many families were helped, how long they waited and what changed.",
        PUBLIC_TASK,
        "",
        "Numbers without names are kept.",
    ),
)


def load(apps, _editor):
    activity = apps.get_model("sharing", "ProcessingActivity")
    for place, (title, why, basis, special, kept) in enumerate(ACTIVITIES, start=1):
        activity.objects.create(place=place, title=title, why=why, basis=basis, special_basis=special, kept_for=kept)


class Migration(migrations.Migration):
    """What the privacy notice says until the authority words it itself."""

    dependencies = [("sharing", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
