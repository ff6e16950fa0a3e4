import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0017_summaries_and_titles")]

    operations = [
        # The table keeps its name: processes that are not updated yet go on asking for it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel(old_name="Aside", new_name="Charge"),
                migrations.AlterModelTable(name="charge", table="conversations_aside"),
            ]
        ),
        migrations.AlterField(
            model_name="charge",
            name="call",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="charge",
                to="providers.call",
            ),
        ),
        migrations.AlterField(
            model_name="charge",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="charges",
                to="conversations.conversation",
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="answer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="charges",
                to="conversations.message",
            ),
        ),
    ]
