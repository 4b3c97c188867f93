"""The share of a sample is a parameter now (oversight.sample_share, oversight.sample_minimum).

Only the default was ever written here by the platform. Where somebody wrote another by hand, the
upgrade stops before anything is lost: nobody could say which two people ruled it.
"""

from django.db import migrations


def refuse_unknown(apps, schema_editor):
    rules = apps.get_model("oversight", "SamplingRule").objects
    if rules.exclude(per_mille=50, minimum=1).exists():
        raise RuntimeError(
            "抽查比例表里有另外的规定。请记下后清空 oversight_samplingrule,升级后在「参数与时限」重新提出。"
        )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0002_sampling")]
    operations = [
        migrations.RunPython(refuse_unknown, migrations.RunPython.noop),
        migrations.DeleteModel(name="SamplingRule"),
    ]
