"""部门系统对接: the systems of departments as clients of the API, and what they are told."""
