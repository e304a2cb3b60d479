"""Who is in a restricted family now, told to whoever asks: a rule must not take somebody for free because the family is hidden."""

from django.db import migrations, models

# Read past the wall, which the path says (``earlyhelp.wall.sql.INSIDE``), and as a list: found once for a whole statement.
IN_RESTRICTED = """
CREATE FUNCTION families_in_restricted() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED
SET search_path = public, wall AS $$
BEGIN
  RETURN ARRAY(
    SELECT DISTINCT m.person_id FROM families_family f JOIN families_familymembership m ON m.family_id = f.id
    WHERE f.restricted AND m.until_on IS NULL
  );
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0014_restricted_and_joined")]
    operations = [
        migrations.AddIndex(
            model_name="family",
            index=models.Index(models.F("id"), condition=models.Q(("restricted", True)), name="family_restricted"),
        ),
        migrations.RunSQL(IN_RESTRICTED, "DROP FUNCTION families_in_restricted()"),
    ]
