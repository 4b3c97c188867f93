"""Pure rules of partners: scopes, public events, signatures, times of retries."""
