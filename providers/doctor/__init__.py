"""The connection doctor: how far a chat with a service gets, one step after the other.

Each step is tried with what a real chat would use. A step that fails says what to do; those after
it that could only fail for the same reason are left out.
"""

from providers.doctor.finding import Finding, Result, Step
from providers.doctor.visit import examine

__all__ = ["Finding", "Result", "Step", "examine"]
