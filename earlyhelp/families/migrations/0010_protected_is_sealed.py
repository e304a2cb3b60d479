from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0009_protected_addresses")]

    operations = [
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("protected", False), ("sealed", None)),
                    models.Q(
                        ("line_1", ""),
                        ("line_2", ""),
                        ("postcode", ""),
                        ("protected", True),
                        ("sealed__isnull", False),
                        ("town", ""),
                    ),
                    _connector="OR",
                ),
                name="address_protected_is_sealed",
            ),
        ),
    ]
