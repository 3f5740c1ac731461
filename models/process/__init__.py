"""The process language: all that a file under processes/ may say.

A process file is data. `parse.read` turns its text into a frozen `Process` or a list of `Problem`s;
`checks.find_problems` looks at what no single line can know (reachability, dead ends, silent robots).
The language is closed: each kind of field, condition, trigger and action stands in exactly one module here.
"""
