"""A package is never changed or deleted; it is handed over once."""

from django.db import migrations

KEPT = (
    "id case_id volume number organ_id year item_name short_number applicant_label ended_at "
    "kept_years contents file_id case_version case_hash made_by made_at"
).split()
CHANGED = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in KEPT)
GUARD = f"""
CREATE FUNCTION archives_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a package is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.handed_over_at IS NOT NULL OR {CHANGED} THEN
        RAISE EXCEPTION 'a package is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER archive_kept BEFORE UPDATE OR DELETE ON archives_archivepackage
    FOR EACH ROW EXECUTE FUNCTION archives_keep();
"""
BACK = """
DROP TRIGGER archive_kept ON archives_archivepackage;
DROP FUNCTION archives_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("archives", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, BACK)]
