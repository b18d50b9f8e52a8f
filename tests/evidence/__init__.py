"""What was recorded of Exact Online, as cases that are played at the simulator."""

from .cases import CASES, Case
from .plays import NOT_PLAYED, PLAYS, play
from .world import World

__all__ = ["CASES", "NOT_PLAYED", "PLAYS", "Case", "World", "play"]
