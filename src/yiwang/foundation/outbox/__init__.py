"""Events upwards: written with the change, delivered to every handler exactly once in effect."""
