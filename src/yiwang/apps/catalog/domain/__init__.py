"""What a service item is, and when it may be published. Framework-free."""
