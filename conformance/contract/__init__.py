"""The contract as typed data: operations, fields and requirements of one revision.

Nothing here touches the network. The data itself lives in `openapi/`.
"""

from conformance.contract.document import UnknownRevisionError, known
from conformance.contract.fields import Field, PrivacyKey
from conformance.contract.loading import Contract, load, revisions
from conformance.contract.operations import Operation, PrivateList
from conformance.contract.requirements import Requirement

__all__ = [
    "Contract",
    "Field",
    "Operation",
    "PrivacyKey",
    "PrivateList",
    "Requirement",
    "UnknownRevisionError",
    "known",
    "load",
    "revisions",
]
