"""What a certificate may go through, and on which grounds: rules without a database."""
