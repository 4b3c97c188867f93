"""Who may do what with the catalogue."""

from yiwang.foundation.access import declare

EDIT = declare("catalog.edit", "编辑事项")
PUBLISH = declare("catalog.publish", "审核发布事项")
