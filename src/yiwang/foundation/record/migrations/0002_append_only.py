"""The record only grows: a trigger refuses every other change, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION record_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: this table only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER record_entry_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON record_recordentry
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse_change();
CREATE TRIGGER record_seal_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON record_rootseal
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse_change();

-- Waits for writers under way, so that below the returned id nothing can still appear. A definer's
-- function: the application's role may not lock the record.
CREATE FUNCTION record_settled_id() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE found bigint;
BEGIN
    LOCK TABLE record_recordentry IN SHARE MODE;
    SELECT COALESCE(max(id), 0) INTO found FROM record_recordentry;
    RETURN found;
END $$;
"""

BACKWARD = """
DROP FUNCTION record_settled_id();
DROP TRIGGER record_seal_only_grows ON record_rootseal;
DROP TRIGGER record_entry_only_grows ON record_recordentry;
DROP FUNCTION record_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
