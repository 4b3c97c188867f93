"""Erasing answers is the owner's function: the application's role may not change them, and the
function asks that the case has ended and that its record says so."""

from django.db import migrations, models

import yiwang.foundation.secrets.fields

FORWARD = """
CREATE FUNCTION cases_erase_content(which bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE gone bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_case WHERE id = which AND ended_at IS NOT NULL)
       OR NOT EXISTS (SELECT 1 FROM record_recordentry
                      WHERE subject = 'case:' || which AND operation = 'cases.erase') THEN
        RAISE EXCEPTION 'only what has ended and is recorded as erased may be erased'
            USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE cases_casecontent SET form = NULL WHERE case_id = which AND form IS NOT NULL;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_branches"), ("record", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="casecontent",
            name="form",
            field=yiwang.foundation.secrets.fields.EncryptedField(
                editable=False, null=True, verbose_name="表单"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["ended_at"],
                name="case_ended",
                condition=models.Q(ended_at__isnull=False),
            ),
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION cases_erase_content(bigint);"),
    ]
