"""The matrix of presses: everything that can be pressed, answered or opened, as everybody, about everybody's things.

What somebody may know and change is written down here once more, apart from the code that it judges (`judge`).
"""
