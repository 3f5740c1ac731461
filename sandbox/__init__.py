"""A Telegram of its own: a local Bot API server with people to talk to, files and a clock."""

from sandbox.control.owner_actions import Action, ActionField
from sandbox.server import Sandbox
from sandbox.world.faults import Fault, Faults
from sandbox.world.shifted_clock import Clock
from sandbox.world.world import Person, World

__all__ = ["Action", "ActionField", "Clock", "Fault", "Faults", "Person", "Sandbox", "World"]
