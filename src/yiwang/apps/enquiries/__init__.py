"""Consultation, complaint, suggestion and correction of a guide (咨询、投诉、建议、指南纠错)."""
