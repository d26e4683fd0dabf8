"""Live: one state of the user's class that rules can run on, moved from packed state to packed state.

A step runs on the live object itself. The journal of the state holds the inverse of every write, so afterwards the target is read off by freezing what was
written and nothing else, and the writes are undone. A guard that fails has written nothing, so it costs a call.
"""

from typing import Any

from speccheck.domains.parts import Journal, Slot
from speccheck.dsl.spec import prepare
from speccheck.engines.python.packing import Packing
from speccheck.space.space import Packed

CACHED_PARTS = 1 << 12  # how many values of one variable are kept in live form


class Live:
    """A state that is loaded, stepped and rolled back."""

    def __init__(self, spec: type[Any], packing: Packing) -> None:
        self.packing = packing
        self.journal = Journal()
        self.state: Any = object.__new__(spec)
        prepare(self.state, self.journal)
        self.values: dict[str, Any] = self.state.__dict__
        self.loaded: Packed = ()
        self._variable = {name: i for i, name in enumerate(packing.names)}
        self._slots = tuple(self.state._part_slots[name] for name in packing.names)
        self._parts: tuple[dict[int, Any], ...] = tuple({} for _ in packing.names)
        self._touched: list[tuple[Any, Any]] = []

    def load(self, state: Packed) -> None:
        """Make this the state; only variables that differ from the one before are touched."""
        before = self.loaded
        if state == before:
            return
        packing, values = self.packing, self.values
        for i, number in enumerate(state):
            if not before or before[i] != number:
                frozen = packing.frozen[i][number]
                values[packing.names[i]] = self._part(i, number, frozen) if packing.domains[i].mutable else frozen
        self.loaded = state

    def _part(self, variable: int, number: int, frozen: Any) -> Any:
        parts = self._parts[variable]
        part = parts.get(number)
        if part is None:
            if len(parts) >= CACHED_PARTS:
                parts.clear()
            part = parts[number] = self.packing.domains[variable].thaw(frozen, self._slots[variable], self.journal)
        return part

    def unload(self) -> None:
        """Take all values away: the state before `@init`."""
        self.values.clear()
        self.loaded = ()

    def assign(self, frozen: tuple[Any, ...]) -> None:
        """Give the first variables these frozen values afresh (before `@init`); an element that is `Ellipsis` stays unset."""
        self.unload()
        for i, one in enumerate(frozen):
            if one is not Ellipsis:
                self.values[self.packing.names[i]] = self.packing.domains[i].thaw(one, self._slots[i], self.journal)

    def target(self) -> Packed:
        """Return the packed state that the writes since `load` lead to. Call `undo` afterwards."""
        journal = self.journal
        if journal.moved:
            journal.check_moved()
        loaded, state, variable, touched = self.loaded, self.state, self._variable, self._touched
        written: list[int] = []
        for inverse, part, argument in journal.entries:
            if inverse is None:
                continue
            if part is state:
                i = variable[argument[0]]
            else:
                # Forget the frozen forms from the written part up to its variable, and remember them for `undo`. A part without one was made in this step (what
                # contains it was written, too), or was climbed from before.
                while (frozen := part._part_frozen) is not None:
                    if type(part) is Slot:
                        break
                    touched.append((part, frozen))
                    _set_frozen(part, "_part_frozen", None)
                    part = part._part_owner
                    if part is None:  # it was popped
                        break
                else:
                    continue
                if part is None:
                    continue
                i = variable[part.name]
            if i not in written:
                written.append(i)
        packing, values = self.packing, self.values
        for i in written:
            frozen = packing.domains[i].freeze(values[packing.names[i]])
            number = packing.numbers[i].get(frozen)
            if number is None:
                number = packing.number(i, frozen)
            if number != loaded[i]:
                loaded = (*loaded[:i], number, *loaded[i + 1 :])
        return loaded

    def undo(self) -> None:
        """Take the writes back."""
        journal = self.journal
        entries = journal.entries
        # One write is by far the most frequent case.
        for inverse, part, argument in reversed(entries) if len(entries) > 1 else entries:
            if inverse is not None:
                inverse(part, argument)
        entries.clear()
        if journal.moved:
            journal.moved.clear()
        if self._touched:
            for part, frozen in self._touched:
                _set_frozen(part, "_part_frozen", frozen)
            self._touched.clear()

    def whole(self) -> Packed:
        """Return the packed state that all variables together have now, however they got there (after `@init`)."""
        for _, part, _ in self.journal.entries:
            while part is not self.state and part is not None and type(part) is not Slot:  # their frozen forms are those of the defaults
                _set_frozen(part, "_part_frozen", None)
                part = part._part_owner
        frozen = [d.freeze(self.values[n]) for n, d in zip(self.packing.names, self.packing.domains)]
        return self.packing.pack(tuple(frozen))


_set_frozen = object.__setattr__  # a Record's own __setattr__ only knows fields
