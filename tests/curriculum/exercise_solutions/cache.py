from collections import OrderedDict


class Cache:
    def __init__(self, capacity):
        if capacity < 1:
            raise ValueError(capacity)
        self.capacity, self.values = capacity, OrderedDict()

    def get(self, key, default=None):
        if key not in self.values:
            return default
        self.values.move_to_end(key)
        return self.values[key]

    def put(self, key, value):
        self.values[key] = value
        self.values.move_to_end(key)
        if len(self.values) > self.capacity:
            self.values.popitem(last=False)

    def __len__(self):
        return len(self.values)
