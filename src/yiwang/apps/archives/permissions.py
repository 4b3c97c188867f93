"""Who keeps the archive of an organ."""

from yiwang.foundation.access import declare

KEEP = declare("archives.keep", "管理办件档案")
