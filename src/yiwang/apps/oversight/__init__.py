"""事后监管: what follows a decision. Promises are checked, decisions are open to the public, and
certificates are renewed before they end."""
