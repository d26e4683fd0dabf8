"""Calls: functions, methods of the spec and of records, properties, lambdas, super() through two classes, and references to parts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from speccheck import MaxLen, Range, Record, Sort, Spec, action, choose, each, invariant, require


class P(Sort, size=2):
    """Somebody."""


Small = Annotated[int, Range(0, 3)]


@dataclass(frozen=True)
class Coin:
    n: Small

    def worth(self, bonus: int = 1) -> int:
        return self.n + bonus


class Account(Record):
    coins: Annotated[list[Coin], MaxLen(2)] = []
    open: bool = True

    @property
    def total(self) -> int:
        return sum(coin.n for coin in self.coins)

    def take(self) -> Coin:
        require(self.open)
        return self.coins.pop()


def most(coins: list[Coin]) -> int:
    best = 0
    for coin in coins:
        if coin.worth() > best:
            best = coin.worth()
    return best


def put(account: Account, coin: Coin) -> bool:
    if len(account.coins) == 2:
        return False
    account.coins.append(coin)
    return True


class Bank(Spec, deadlock=False):
    accounts: dict[P, Account] = each(Account())
    last: P | None = None

    @action
    def pay(self, p: P, n: Small) -> None:
        account = self.accounts[p]
        if not put(account, Coin(n)):
            account.open = False
        self.note(p)

    @action
    def move(self) -> None:
        p = self.somebody()
        require(self.holds(lambda coin: coin.n > 0, p))
        coin = self.accounts[p].take()
        for q in P:
            if q != p and put(self.accounts[q], coin):
                self.note(q)

    def somebody(self) -> P:
        p = choose(P)
        require(self.accounts[p].total > 1)
        return p

    def holds(self, wanted: Callable[[Coin], bool], p: P) -> bool:
        return any(wanted(coin) for coin in self.accounts[p].coins)

    def note(self, p: P) -> None:
        self.last = p

    @invariant
    def small(self, p: P) -> bool:
        return most(self.accounts[p].coins) <= 3 and self.rich(p) <= self.rich(p, 1)

    def rich(self, p: P, least: int = 2) -> bool:
        return any(coin.worth(bonus=0) >= least for coin in self.accounts[p].coins)


class Audited(Bank):
    audits: Small = 0

    def note(self, p: P) -> None:
        super().note(p)
        self.audits = (self.audits + 1) % 4


class Strict(Audited):
    @action
    def pay(self, p: P, n: Small) -> None:
        require(self.audits < 3)
        super().pay(p, n)

    def note(self, p: P) -> None:
        if self.last != p:
            super().note(p)

    def rich(self, p: P, least: int = 2) -> bool:
        return super().rich(p, least) and self.accounts[p].open
