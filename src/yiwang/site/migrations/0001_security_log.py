"""Forgetting of the security log by a function of the owner's: the application's role may not
delete from it, and the function itself keeps the 180 days of 网络安全法."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_forget_security_events(before timestamptz, most integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE gone bigint;
BEGIN
    IF before > now() - interval '180 days' THEN
        RAISE EXCEPTION 'the security log is kept for at least 180 days'
            USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM people_securityevent WHERE id IN (
        SELECT id FROM people_securityevent WHERE at < before ORDER BY at LIMIT most);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FORWARD, "DROP FUNCTION people_forget_security_events(timestamptz, integer);"
        )
    ]
