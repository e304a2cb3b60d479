"""A step out that the hub approved is carried out by closing: of a case that goes on, nothing is approved."""

from django.db import migrations, models

ENDING = ("closing", "closed", "follow_up", "ended")


def forget_what_was_not_agreed(apps, schema_editor):
    going_on = apps.get_model("cases", "Case").objects.exclude(status__in=ENDING)
    going_on.filter(closure_approved=True).update(closure_approved=False)


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_what_everybody_carries")]

    operations = [
        migrations.RunPython(forget_what_was_not_agreed, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                name="case_step_out_is_closing",
                condition=models.Q(closure_approved=False)
                | models.Q(status="closing")
                | models.Q(status__in=("closed", "follow_up", "ended")),
            ),
        ),
    ]
