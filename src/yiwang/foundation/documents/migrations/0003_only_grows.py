"""A registered seal changes once, by its ending; a ruled text never; a settled proposal stays."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION documents_only_ends(data jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT data - ARRAY['stopped_on', 'stop_reason', 'stop_proposed_by', 'stop_proposed_by_label',
        'stop_confirmed_by', 'stop_confirmed_by_label', 'stop_confirmed_at']
$$;
CREATE TRIGGER seal_kept BEFORE DELETE ON documents_organseal
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER seal_only_ends BEFORE UPDATE ON documents_organseal
    FOR EACH ROW WHEN (OLD.stopped_on IS NOT NULL OR NEW.stopped_on IS NULL OR
        documents_only_ends(to_jsonb(OLD)) IS DISTINCT FROM documents_only_ends(to_jsonb(NEW)))
    EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER seal_proposal_kept BEFORE DELETE ON documents_sealproposal
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER seal_proposal_settled BEFORE UPDATE ON documents_sealproposal
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL) EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER template_text_only_grows BEFORE UPDATE OR DELETE ON documents_templatetext
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER template_proposal_kept BEFORE DELETE ON documents_templateproposal
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER template_proposal_settled BEFORE UPDATE ON documents_templateproposal
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL) EXECUTE FUNCTION documents_refuse_change();
"""
BACKWARD = """
DROP TRIGGER template_proposal_settled ON documents_templateproposal;
DROP TRIGGER template_proposal_kept ON documents_templateproposal;
DROP TRIGGER template_text_only_grows ON documents_templatetext;
DROP TRIGGER seal_proposal_settled ON documents_sealproposal;
DROP TRIGGER seal_proposal_kept ON documents_sealproposal;
DROP TRIGGER seal_only_ends ON documents_organseal;
DROP TRIGGER seal_kept ON documents_organseal;
DROP FUNCTION documents_only_ends(jsonb);
DROP FUNCTION documents_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_seals_and_templates")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
