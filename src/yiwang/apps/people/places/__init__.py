"""Places as the system administrator keeps them: areas, organs, halls, windows."""
