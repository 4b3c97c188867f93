"""The calendar table and the compiled calendar every clock uses."""
