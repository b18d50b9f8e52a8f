"""Rows of one resource in one division, found without looking at all of them.

Rows change in place, so they are filed again whenever the state stamps them.
"""

from bisect import bisect_left, bisect_right, insort


class Rows(dict):
    """{key: row} with indexes that follow what is put in and taken out.

    :param dict indexes: name -> Lookup or Sequence.
    """

    def __init__(self, indexes):
        super().__init__()
        self._indexes = indexes

    def __setitem__(self, key, row):
        super().__setitem__(key, row)
        self.refile(key)

    def __delitem__(self, key):
        self.pop(key)

    def pop(self, key, *default):
        row = super().pop(key, *default)
        for index in self._indexes.values():
            index.forget(key)
        return row

    def clear(self):
        for key in list(self):
            self.pop(key)

    def refile(self, key):
        for index in self._indexes.values():
            index.file(key, self[key])

    def lookup(self, values, by):
        """Return the rows with these values; `by` names the properties."""
        if by in self._indexes:
            return self._indexes[by].find(*values)
        return [
            row
            for row in self.values()
            if tuple(row.get(name) for name in by) == values
        ]

    def numbers(self, name):
        """Return the Sequence of a number."""
        return self._indexes[name]


class Lookup:
    """Rows by the values of some properties, in the order in which they were made."""

    def __init__(self, *names):
        self._names = names
        self._rows = {}
        self._places = {}

    def file(self, key, row):
        place = tuple(_plain(row.get(name)) for name in self._names)
        if self._places.get(key) == place and self._rows[place].get(key) is row:
            return
        self.forget(key)
        self._places[key] = place
        self._rows.setdefault(place, {})[key] = row

    def forget(self, key):
        place = self._places.pop(key, None)
        if place is not None:
            del self._rows[place][key]

    def find(self, *values):
        place = tuple(_plain(value) for value in values)
        return list(self._rows.get(place, {}).values())


class Sequence:
    """Whole numbers in order, apart for each set of values of some properties."""

    def __init__(self, name, *group):
        self._name = name
        self._group = group
        self._numbers = {}
        self._places = {}

    def file(self, key, row):
        place = tuple(row.get(name) for name in self._group)
        number = row.get(self._name)
        if self._places.get(key) == (place, number):
            return
        self.forget(key)
        if number is None:
            return
        self._places[key] = (place, number)
        insort(self._numbers.setdefault(place, []), number)

    def forget(self, key):
        place, number = self._places.pop(key, (None, None))
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
