"""The command line: a wrong word gets a clear line and exit status 1, never a traceback."""
