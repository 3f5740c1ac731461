"""What a tap costs, as a ratio to a bare aiogram echo measured in the same run. `python -m tests.bench`."""
