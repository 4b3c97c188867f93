"""What an archive package is made of: no framework, no database."""
