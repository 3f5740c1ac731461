"""What nobody does is heard of above: undone tasks, calls that were not made, what hangs on somebody who is away."""
