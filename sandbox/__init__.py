"""A Telegram of its own: a local Bot API server with people to talk to, files and a clock."""

from sandbox.actions import Action, ActionField
from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.server import Sandbox
from sandbox.world import Person, World

__all__ = ["Action", "ActionField", "Clock", "Fault", "Faults", "Person", "Sandbox", "World"]
