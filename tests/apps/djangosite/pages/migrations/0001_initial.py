from django.db import migrations, models


def first_notes(apps, schema_editor):
    note = apps.get_model("pages", "Note")
    note.objects.bulk_create([note(author="author %d" % n, text="The text of note number %d." % n) for n in range(1, 11)])


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("author", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=200)),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.RunPython(first_notes, migrations.RunPython.noop),
    ]
