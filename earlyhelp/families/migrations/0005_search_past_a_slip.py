"""A surname with one slip in it is found by what both have left when a letter is taken away."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Lower

# Two words that differ by one letter, or by two exchanged, have one of these in common: equality, so an index serves.
SLIPS = """
CREATE FUNCTION families_slips(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT overlay(word PLACING '' FROM n FOR 1)) || word FROM generate_series(1, length(word)) n
$$
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0004_agreed_on_the_public_form")]
    operations = [
        migrations.RunSQL(SLIPS, "DROP FUNCTION families_slips(text)"),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(Lower("last_name"), function="families_slips"), name="person_last_slips"
            ),
        ),
    ]
