"""A slip in a surname is looked for among those whose first name begins as the one typed: one in fifteen, as a rule."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Lower

# As loops they take a fifth of the time: each person who is written down waits for both, and so does growing a county.
SLIPS = """
CREATE OR REPLACE FUNCTION families_slips(word text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  slips text[] := ARRAY[word];
BEGIN
  FOR n IN 1 .. length(word) LOOP
    slips := slips || overlay(word PLACING '' FROM n FOR 1);
  END LOOP;
  RETURN slips;
END $$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION families_slips(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT overlay(word PLACING '' FROM n FOR 1)) || word FROM generate_series(1, length(word)) n
$$
"""
# The same, each after the first letter of another name. It does not call the other: an index is made anew, as after a
# restore, without the path on which that would be found.
SLIPS_AFTER = """
CREATE FUNCTION families_slips_after(word text, name text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  initial text := left(name, 1);
  slips text[] := ARRAY[initial || word];
BEGIN
  FOR n IN 1 .. length(word) LOOP
    slips := slips || (initial || overlay(word PLACING '' FROM n FOR 1));
  END LOOP;
  RETURN slips;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0019_losses_and_bonds")]
    operations = [
        migrations.RunSQL(SLIPS, BEFORE),
        migrations.RunSQL(SLIPS_AFTER, "DROP FUNCTION families_slips_after(text, text)"),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(Lower("last_name"), Lower("first_name"), function="families_slips_after"),
                name="person_initial_slips",
            ),
        ),
    ]
