// The paths that a program reads, as a trie over member names, element indices and selectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "include/CSimdJSON.h"

// Small functions on the way of every name and string: a call would cost as much as its work.
#define WAYBILL_INLINE __attribute__((always_inline)) inline

namespace waybill {

// The first eight bytes of a name, zeros behind its end. Eight bytes must be readable.
inline uint64_t prefix_of(const uint8_t *name, size_t length) {
  static constexpr uint64_t masks[9] = {0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, ~uint64_t(0)};
  uint64_t word;
  std::memcpy(&word, name, 8);
  return word & masks[length < 8 ? length : 8];
}

// The last eight bytes of a longer name.
inline uint64_t suffix_of(const uint8_t *name, size_t length) {
  uint64_t word = 0;
  if (length > 8) { std::memcpy(&word, name + length - 8, 8); }
  return word;
}

// Names to node numbers: open addressing over a power of two, everything of a short name in its bucket. Eight readable
// bytes must follow a name that is looked up.
class name_table {
public:
  WAYBILL_INLINE int32_t find(const uint8_t *name, size_t length) const {
    if (names.empty()) { return -1; }
    const uint64_t head = prefix_of(name, length);
    for (size_t at = hash_of(head, length) & mask;; at = (at + 1) & mask) {
      const bucket &candidate = buckets[at];
      if (candidate.node < 0) { return -1; }
      if (candidate.head != head || candidate.length != length || candidate.tail != suffix_of(name, length)) { continue; }
      // Head and tail are all of a name of up to sixteen bytes.
      if (length <= 16 || std::memcmp(names[candidate.name].data(), name, length) == 0) { return candidate.node; }
    }
  }

  void insert(const std::string &name, int32_t node) {
    names.push_back(name);
    nodes.push_back(node);
    size_t size = 16;
    while (size < names.size() * 4) { size *= 2; }
    if (size == buckets.size()) { return place(names.size() - 1); }
    buckets.assign(size, bucket{});
    mask = size - 1;
    for (size_t index = 0; index < names.size(); index++) { place(index); }
  }

  bool empty() const { return names.empty(); }

  // The nodes of all names.
  const std::vector<int32_t> &all() const { return nodes; }

private:
  struct bucket {
    uint64_t head = 0, tail = 0;
    uint32_t length = 0;
    int32_t node = -1;
    uint32_t name = 0;
  };

  void place(size_t index) {
    const std::string padded = names[index] + std::string(8, '\0');
    const auto *bytes = reinterpret_cast<const uint8_t *>(padded.data());
    const size_t length = names[index].size();
    const uint64_t head = prefix_of(bytes, length), tail = suffix_of(bytes, length);
    size_t at = hash_of(head, length) & mask;
    while (buckets[at].node >= 0) { at = (at + 1) & mask; }
    buckets[at] = {head, tail, uint32_t(length), nodes[index], uint32_t(index)};
  }

  // Names with one beginning and one length share a bucket: rare, and told apart by their ends.
  static uint64_t hash_of(uint64_t head, size_t length) { return ((head ^ length << 56) * 0xBF58476D1CE4E5B9u) >> 40; }

  std::vector<std::string> names;
  std::vector<int32_t> nodes;
  std::vector<bucket> buckets;
  size_t mask = 0;
};

// An element that no selector can be compared with, in the record with this serial.
struct stray_element {
  uint64_t serial = 0;
  waybill_cell cell = {};
};

// Elements by the text of one of their members.
struct selector_group {
  std::string member;
  name_table texts; // the first element with this text
  name_table items; // the only custom field with this id
  stray_element of_texts;
  stray_element of_items;
};

struct trie_node {
  static constexpr uint8_t any_mark = 0xFF;

  int32_t slot = -1;
  int32_t leaf_slot = -1;     // the same, if no path continues from here
  uint8_t opens = any_mark;   // the character that begins the only shape in which paths continue: `{` or `[`
  bool is_unchecked = false;  // duplicate members in the slot's value are found elsewhere
  bool is_item = false;       // a custom field: its value has several names
  uint32_t level = 0;         // steps from the record
  uint64_t visit = 0;         // serial of the record in which it last occurred
  uint64_t strays = 0;        // serial of the record in which its list last had a stray element
  size_t item_begin = 0;      // of the chosen item
  size_t item_end = 0;
  name_table members;
  name_table folded; // members that match in any case, by their lower-case names
  std::vector<std::pair<uint32_t, int32_t>> elements;
  std::vector<selector_group> selectors;

  bool reads_members() const { return !members.empty() || !folded.empty(); }
  bool reads_elements() const { return !elements.empty() || !selectors.empty(); }

  // Call this after each change to the slot or the children.
  void settle() {
    const bool reads_any = reads_members() || reads_elements();
    opens = !reads_any || (reads_members() && reads_elements()) ? any_mark : uint8_t(reads_members() ? '{' : '[');
    leaf_slot = reads_any ? -1 : slot;
  }
};

} // namespace waybill
