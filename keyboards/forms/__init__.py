"""Questions of a form, one screen each."""
