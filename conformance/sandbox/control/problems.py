"""What the control API rejects: one line that names the input and the remedy, with a status."""

from __future__ import annotations

from http import HTTPStatus


class Wrong(Exception):
    """The request cannot be carried out."""

    def __init__(self, message: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.message = " ".join(message.split())
        self.status = status
