"""A published version's definition never changes; only its status may move on."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION catalog_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        IF TG_OP = 'DELETE'
           OR NEW.definition IS DISTINCT FROM OLD.definition
           OR NEW.digest <> OLD.digest OR NEW.number <> OLD.number
           OR NEW.item_id <> OLD.item_id OR NEW.effective_on <> OLD.effective_on
           OR NEW.published_at IS DISTINCT FROM OLD.published_at
           OR NEW.published_by <> OLD.published_by
           OR NEW.status NOT IN ('PUBLISHED', 'SUPERSEDED')
           OR (OLD.status = 'SUPERSEDED' AND NEW.status <> 'SUPERSEDED') THEN
            RAISE EXCEPTION 'a published item version is not changed'
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER catalog_version_immutable BEFORE UPDATE OR DELETE ON catalog_itemversion
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_published();
"""

BACKWARD = """
DROP TRIGGER catalog_version_immutable ON catalog_itemversion;
DROP FUNCTION catalog_keep_published();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
