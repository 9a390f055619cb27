"""The sandbox: the reference server as authors of clients use it, with commands, a control API and a log of its requests.

It knows the reference server and nothing else of the suite, and the reference server does not know it. `sandbox` serves one
for the time of a block.
"""

from conformance.sandbox.box import Box, sandbox
from conformance.sandbox.control_client import ControlClient, ControlError

__all__ = ["Box", "ControlClient", "ControlError", "sandbox"]
