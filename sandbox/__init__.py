"""A Telegram of its own: a local Bot API server with people to talk to, files and a clock."""

from sandbox.control.owner_actions import ActionField, OwnerAction
from sandbox.server import Sandbox
from sandbox.world.faults import Fault, Faults
from sandbox.world.shifted_clock import ShiftedClock
from sandbox.world.world import Person, World

__all__ = ["ActionField", "Fault", "Faults", "OwnerAction", "Person", "Sandbox", "ShiftedClock", "World"]
