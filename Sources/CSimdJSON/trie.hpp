// The paths that a program reads, as a trie over member names, element indices and selectors.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace waybill {

// The first eight bytes of a name, zeros behind its end. Eight bytes must be readable.
inline uint64_t prefix_of(const uint8_t *name, size_t length) {
  uint64_t word;
  std::memcpy(&word, name, 8);
  return length >= 8 ? word : word & ((uint64_t(1) << (length * 8)) - 1);
}

inline uint64_t hash_of(const uint8_t *name, size_t length) {
  uint64_t head = prefix_of(name, length);
  uint64_t tail = 0;
  if (length > 8) { std::memcpy(&tail, name + length - 8, 8); }
  uint64_t mixed = (head ^ (tail * 0x9E3779B97F4A7C15u) ^ length) * 0xBF58476D1CE4E5B9u;
  return mixed ^ (mixed >> 32);
}

// Names to node numbers: open addressing over a power of two. Eight readable bytes must follow a name that is looked up.
class name_table {
public:
  int32_t find(const uint8_t *name, size_t length) const {
    if (entries.empty()) { return -1; }
    uint64_t hash = hash_of(name, length);
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
      int32_t entry = buckets[at];
      if (entry < 0) { return -1; }
      const auto &candidate = entries[size_t(entry)];
      if (candidate.hash == hash && candidate.length == length && std::memcmp(candidate.name.data(), name, length) == 0) {
        return candidate.node;
      }
    }
  }

  void insert(const std::string &name, int32_t node) {
    std::string padded = name + std::string(8, '\0');
    entries.push_back({padded, name.size(), hash_of(reinterpret_cast<const uint8_t *>(padded.data()), name.size()), node});
    size_t size = 16;
    while (size < entries.size() * 4) { size *= 2; }
    buckets.assign(size, -1);
    mask = size - 1;
    for (size_t index = 0; index < entries.size(); index++) {
      size_t at = entries[index].hash & mask;
      while (buckets[at] >= 0) { at = (at + 1) & mask; }
      buckets[at] = int32_t(index);
    }
  }

  bool empty() const { return entries.empty(); }

private:
  struct entry {
    std::string name; // eight zeros behind
    size_t length;
    uint64_t hash;
    int32_t node;
  };
  std::vector<entry> entries;
  std::vector<int32_t> buckets;
  size_t mask = 0;
};

struct selector_group {
  std::string member;
  name_table texts;
};

struct trie_node {
  int32_t slot = -1;
  uint64_t visit = 0; // serial of the record in which it was last met
  name_table members;
  name_table folded; // members that match in any case, by their lower-case names
  std::vector<std::pair<uint32_t, int32_t>> elements;
  std::vector<selector_group> selectors;

  bool reads_members() const { return !members.empty() || !folded.empty(); }
  bool reads_elements() const { return !elements.empty() || !selectors.empty(); }
};

} // namespace waybill
