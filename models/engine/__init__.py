"""The pure engine: what a process says about one deal at one moment. No I/O, no clock, no database.

`moves.plan_move` and its siblings take a process, a `DealState` and a `Moment`, and return a `Plan` (effects in order)
or a `Refusal` that lists every reason with what cures it. One guard serves buttons, robots, imports and HTTP alike.
"""
