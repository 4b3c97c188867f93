"""A ruled value is never changed or taken away: another follows it. A settled proposal stays."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION parameters_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER parameter_value_only_grows BEFORE UPDATE OR DELETE ON parameters_parametervalue
    FOR EACH ROW EXECUTE FUNCTION parameters_refuse_change();
CREATE TRIGGER parameter_proposal_kept BEFORE DELETE ON parameters_parameterproposal
    FOR EACH ROW EXECUTE FUNCTION parameters_refuse_change();
CREATE TRIGGER parameter_proposal_settled BEFORE UPDATE ON parameters_parameterproposal
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL) EXECUTE FUNCTION parameters_refuse_change();
"""
BACKWARD = """
DROP TRIGGER parameter_proposal_kept ON parameters_parameterproposal;
DROP TRIGGER parameter_proposal_settled ON parameters_parameterproposal;
DROP TRIGGER parameter_value_only_grows ON parameters_parametervalue;
DROP FUNCTION parameters_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("parameters", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
