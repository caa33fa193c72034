// Memory for the values of one record: what was handed out stays where it is until `reset`.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace waybill {

template <typename T> class bump {
public:
  void reset() {
    used = 0;
    retired.clear();
  }

  // Room for `count` more behind the `pending` last ones, which may move to stay together; null: no memory.
  T *reserve(size_t count, size_t pending = 0) {
    if (capacity - used < count) {
      const size_t larger = (capacity + pending + count) * 2 + 64;
      std::unique_ptr<T[]> block(new (std::nothrow) T[larger]);
      if (!block) { return nullptr; }
      if (pending > 0) { std::memcpy(static_cast<void *>(block.get()), current.get() + used - pending, pending * sizeof(T)); }
      if (current) { retired.push_back(std::move(current)); }
      current = std::move(block);
      capacity = larger;
      used = pending;
    }
    return current.get() + used;
  }

  void take(size_t count) { used += count; }
  void give_back(size_t count) { used -= count; }
  T *end() { return current.get() + used; }

private:
  std::unique_ptr<T[]> current;
  std::vector<std::unique_ptr<T[]>> retired;
  size_t capacity = 0;
  size_t used = 0;
};

} // namespace waybill
