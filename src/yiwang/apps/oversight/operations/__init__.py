"""What changes: checks of promises, publications, reminders of renewal."""
