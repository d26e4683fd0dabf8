"""Leases, and a storage that only the client that was leased last may write to."""

from dataclasses import dataclass


class StaleToken(Exception):
    """The lease has expired, and somebody with a later one has written."""


@dataclass
class LeaseService:
    """Leases to one client at a time; each lease has a higher token than the one before."""

    holder: str | None = None
    issued: int = 0

    def acquire(self, client: str) -> int | None:
        """Return a token, or None while somebody else holds the lease."""
        if self.holder is not None:
            return None
        self.holder = client
        self.issued += 1
        return self.issued

    def expire(self) -> None:
        """Take the lease back; whoever held it is not told."""
        self.holder = None


@dataclass
class Storage:
    """A value, and the token of the client that wrote it."""

    value: str = ""
    seen: int = 0

    def write(self, token: int, value: str) -> None:
        """Write, or raise StaleToken."""
        if token < self.seen:
            raise StaleToken(f"token {token} is older than {self.seen}")
        self.seen, self.value = token, value
