"""Names as they are looked for; those on file are folded now."""

from django.db import migrations, models

from clinic.names import folded


def fold(apps, schema_editor):
    patients = apps.get_model("clinic", "Patient")
    rows = list(patients.objects.only("given_name", "family_name"))
    for row in rows:
        row.folded_name = folded(f"{row.given_name} {row.family_name}")
    patients.objects.bulk_update(rows, ["folded_name"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("clinic", "0009_names_of_the_back_office")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="folded_name",
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop, elidable=True),
    ]
