"""Messages to people: sent only if still true when sent, withdrawn when not."""
