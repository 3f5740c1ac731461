"""Every guard has a test that dies without it: the guards are taken out one by one, in a copy, and a test must notice.

A guard is a line of the product that nobody sees at work: the version of a card that an UPDATE asks for, a lock that is
taken first, the escaping of a name. Whoever tidies it away breaks nothing that he looks at. `catalogue` lists them,
each with the change that takes it out and with the tests that must fail then; `make guards` does it and prints the
table; `test_guards` sees to it, with every `make test`, that each change still fits and each named test is there.
"""
