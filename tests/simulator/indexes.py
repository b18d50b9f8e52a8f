"""Finds rows by the values of some properties, without looking at all of them.

Rows change in place, so they are filed again whenever the state stamps them.
"""

from bisect import bisect_left, bisect_right, insort


class Lookup:
    """Rows by the values of some properties, in the order in which they were made."""

    def __init__(self, *names):
        self._names = names
        self._rows = {}
        self._places = {}

    def file(self, division, key, row):
        place = (division, *(_plain(row.get(name)) for name in self._names))
        if self._places.get((division, key)) == place:
            return
        self.forget(division, key)
        self._places[division, key] = place
        self._rows.setdefault(place, {})[key] = row

    def forget(self, division, key):
        place = self._places.pop((division, key), None)
        if place is not None:
            del self._rows[place][key]

    def find(self, division, *values):
        place = (division, *(_plain(value) for value in values))
        return list(self._rows.get(place, {}).values())


class Sequence:
    """Whole numbers in order, apart for each set of values of some properties."""

    def __init__(self, name, *group):
        self._name = name
        self._group = group
        self._numbers = {}
        self._places = {}

    def file(self, division, key, row):
        place = (division, *(row.get(name) for name in self._group))
        number = row.get(self._name)
        if self._places.get((division, key)) == (place, number):
            return
        self.forget(division, key)
        if number is None:
            return
        self._places[division, key] = (place, number)
        insort(self._numbers.setdefault(place, []), number)

    def forget(self, division, key):
        place, number = self._places.pop((division, key), (None, None))
        if place is not None:
            numbers = self._numbers[place]
            del numbers[bisect_left(numbers, number)]

    def highest(self, *place, below=None):
        """Return the highest number, or the highest below a limit; None if none."""
        numbers = self._numbers.get(place, [])
        end = len(numbers) if below is None else bisect_left(numbers, below)
        return numbers[end - 1] if end else None

    def count(self, number, *place):
        numbers = self._numbers.get(place, [])
        return bisect_right(numbers, number) - bisect_left(numbers, number)

    def next_free(self, first, *place):
        """Return the lowest number from `first` on that nobody has."""
        numbers = self._numbers.get(place, [])
        low = start = bisect_left(numbers, first)
        high = len(numbers)
        # Each number is there once, so a run without gaps grows with its position.
        while low < high:
            middle = (low + high) // 2
            if numbers[middle] == first + middle - start:
                low = middle + 1
            else:
                high = middle
        return first + low - start


def _plain(value):
    return value.strip() if isinstance(value, str) else value
