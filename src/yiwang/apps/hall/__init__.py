"""The hall: help zones with their rosters, appointments, the order of calling, and its audit."""
