// Learns which fields records have, and reports the values of each: for profiles. A walker without a learner has nothing of it.
//
// At most `limit` fields are kept. Which ones may not depend on how the records are divided among walkers, so each field has a
// rank, which its path alone determines, its depth first, and the fields with the lowest ranks are kept. Whatever a walker drops
// has `limit` fields before it, and these come before it in the whole, too. The other fields are counted by a HyperLogLog over
// their paths.
//
// Members that are named by an ID are elements of a map rather than fields: they are all one field (`WAYBILL_STEP_ANY`).
//
// Records are walked before they are reported: nothing is validated here.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "include/CSimdJSON.h"
#include "trie.hpp"
#include "value_names.hpp"

namespace waybill {

// The place of a field's path in the order of all paths.
inline uint64_t field_hash(uint64_t parent, uint8_t step, const uint8_t *name, size_t length) {
  const auto mix = [](uint64_t left, uint64_t right) {
    const auto product = static_cast<unsigned __int128>(left) * right;
    return uint64_t(product >> 64) ^ uint64_t(product);
  };
  uint64_t state = mix(parent ^ 0x9E3779B97F4A7C15u, 0xD1B54A32D192ED03u ^ (uint64_t(step) << 32 ^ length));
  for (size_t at = 0; at < length; at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, name + at, length - at < 8 ? length - at : 8);
    state = mix(state ^ word, 0xABCC5167CCAD925Fu);
  }
  return mix(state ^ 0x8CB92BA72F3D8DD7u, 0xD1B54A32D192ED03u);
}

template <typename walker> class field_learner {
public:
  // Values below this depth are not told apart.
  static constexpr uint32_t deepest = 12;

  struct field {
    int32_t parent = -1;
    uint8_t step = WAYBILL_STEP_RECORD;
    bool is_dropped = false;
    bool is_custom_list = false;
    uint32_t depth = 0;
    int32_t elements = -1;
    int32_t any = -1; // members that are named by an ID
    uint64_t hash = 0;
    std::string name;
    name_table children;
  };

  using rank = std::pair<uint32_t, uint64_t>;

  std::vector<field> fields = std::vector<field>(1);
  std::vector<waybill_found> found = std::vector<waybill_found>(256);
  size_t found_count = 0; // of those in the record reported last
  uint8_t dropped[WAYBILL_REGISTERS] = {};
  const uint32_t *next = nullptr; // where the record after the one reported last begins, or earlier

  explicit field_learner(size_t limit) : limit(limit) {}

  WAYBILL_INLINE int32_t child(int32_t at, uint8_t step, const uint8_t *name, size_t length) {
    if (step == WAYBILL_STEP_ELEMENTS) {
      const int32_t known = fields[size_t(at)].elements;
      return known >= 0 ? (fields[size_t(known)].is_dropped ? -1 : known) : add(at, step, nullptr, 0);
    }
    const int32_t known = fields[size_t(at)].children.find(name, length);
    if (known >= 0) { return fields[size_t(known)].is_dropped ? -1 : known; }
    if (step == WAYBILL_STEP_MEMBER && names_element(name, length)) { return any(at); }
    return add(at, step, name, length);
  }

  // What the path of a member that is not kept hashes to.
  uint64_t hash_of(uint64_t parent, const uint8_t *name, size_t length) const {
    return names_element(name, length) ? field_hash(parent, WAYBILL_STEP_ANY, nullptr, 0)
                                       : field_hash(parent, WAYBILL_STEP_MEMBER, name, length);
  }

  // Reports the record that begins at this structural. Leaves the walker as it was.
  void report(walker &w, const uint32_t *start) {
    found_count = 0;
    if (found.size() > most_kept) { std::vector<waybill_found>(256).swap(found); }
    const uint32_t *behind = w.next;
    const uint8_t *backslash = w.backslash;
    w.rewind(start);
    if (w.peek() == '{') { object(w, 0, 0); }
    next = w.next;
    w.next = behind;
    w.backslash = backslash;
  }

private:
  static constexpr size_t most_kept = 1 << 16;

  const size_t limit;
  size_t live = 0;
  bool is_bounded = false;
  rank bound;

  // Digits alone; or sixteen or more letters, digits, `-` and `_`, with at least four digits among them.
  static bool names_element(const uint8_t *name, size_t length) {
    size_t digits = 0;
    for (size_t index = 0; index < length; index++) {
      const uint8_t byte = name[index], lower = byte | 32;
      const bool is_digit = byte >= '0' && byte <= '9';
      digits += is_digit;
      if (!is_digit && !(lower >= 'a' && lower <= 'z') && byte != '-' && byte != '_') { return false; }
    }
    return length > 0 && (digits == length || (length >= 16 && digits >= 4));
  }

  int32_t any(int32_t at) {
    const int32_t known = fields[size_t(at)].any;
    if (known < 0) { return add(at, WAYBILL_STEP_ANY, nullptr, 0); }
    return fields[size_t(known)].is_dropped ? -1 : known;
  }

  static rank rank_of(const field &field) { return {field.depth, field.hash}; }

  void drop(uint64_t hash) {
    const uint64_t rest = hash << 12;
    const uint8_t zeros = uint8_t(rest == 0 ? 53 : __builtin_clzll(rest) + 1);
    uint8_t &top = dropped[hash >> 52];
    if (zeros > top) { top = zeros; }
  }

  // -1: it is not among the fields that are kept.
  int32_t add(int32_t at, uint8_t step, const uint8_t *name, size_t length) {
    field added;
    added.parent = at;
    added.step = step;
    added.depth = fields[size_t(at)].depth + 1;
    added.hash = field_hash(fields[size_t(at)].hash, step, name, length);
    if (is_bounded && bound < rank_of(added)) {
      drop(added.hash);
      return -1;
    }
    const int32_t index = int32_t(fields.size());
    if (step == WAYBILL_STEP_ELEMENTS) {
      fields[size_t(at)].elements = index;
    } else if (step == WAYBILL_STEP_ANY) {
      fields[size_t(at)].any = index;
    } else {
      added.name.assign(reinterpret_cast<const char *>(name), length);
      fields[size_t(at)].children.insert(added.name, index);
    }
    fields.push_back(std::move(added));
    if (++live > 2 * limit) { shrink(); }
    return fields[size_t(index)].is_dropped ? -1 : index;
  }

  void shrink() {
    std::vector<rank> ranks;
    for (size_t index = 1; index < fields.size(); index++) {
      if (!fields[index].is_dropped) { ranks.push_back(rank_of(fields[index])); }
    }
    std::nth_element(ranks.begin(), ranks.begin() + std::ptrdiff_t(limit - 1), ranks.end());
    bound = ranks[limit - 1];
    is_bounded = true;
    live = limit;
    for (size_t index = 1; index < fields.size(); index++) {
      field &field = fields[index];
      if (field.is_dropped || !(bound < rank_of(field))) { continue; }
      field.is_dropped = true;
      drop(field.hash);
    }
  }

  WAYBILL_INLINE void emit(int32_t at, const waybill_cell &cell) {
    if (found_count == found.size()) { found.resize(found.size() * 2); }
    found[found_count++] = {cell, at, 0};
  }

  static waybill_cell container(uint8_t kind, uint32_t count) { return {nullptr, 0, count, kind, 0, 0}; }

  static bool end_of_list(walker &w) {
    const uint8_t mark = w.peek();
    w.next++;
    return mark != ',';
  }

  // Most values are texts: those go without a call.
  WAYBILL_INLINE void value(walker &w, int32_t at, uint32_t depth) {
    if (w.peek() != '"') { return other_value(w, at, depth); }
    waybill_cell cell;
    if (w.fill_text(cell)) { emit(at, cell); }
  }

  void other_value(walker &w, int32_t at, uint32_t depth) {
    const uint8_t mark = w.peek();
    if ((mark == '{' || mark == '[') && depth >= deepest) {
      const bool is_empty = w.is_empty(w.next);
      w.skip(depth);
      return emit(at, container(mark == '{' ? WAYBILL_OBJECT : WAYBILL_LIST, is_empty ? 0 : 1));
    }
    if (mark == '{') { return emit(at, container(WAYBILL_OBJECT, object(w, at, depth))); }
    if (mark == '[') { return emit(at, container(WAYBILL_LIST, list(w, at, depth))); }
    waybill_cell cell;
    if (w.check_scalar(&cell)) { emit(at, cell); }
  }

  uint32_t object(walker &w, int32_t at, uint32_t depth) {
    w.next++;
    if (w.peek() == '}') {
      w.next++;
      return 0;
    }
    uint32_t count = 0;
    do {
      const uint8_t *name;
      size_t length;
      if (!w.read_string(name, length)) { return count; }
      w.next++;
      count++;
      const int32_t member = child(at, WAYBILL_STEP_MEMBER, name, length);
      if (member >= 0) {
        value(w, member, depth + 1);
      } else {
        beyond(w, hash_of(fields[size_t(at)].hash, name, length), depth + 1);
      }
    } while (!end_of_list(w));
    return count;
  }

  uint32_t list(walker &w, int32_t at, uint32_t depth) {
    const bool is_custom = fields[size_t(at)].is_custom_list;
    w.next++;
    if (w.peek() == ']') {
      w.next++;
      return 0;
    }
    uint32_t count = 0;
    do {
      count++;
      if (is_custom && w.peek() == '{' && custom_field(w, at, depth + 1)) { continue; }
      const int32_t element = child(at, WAYBILL_STEP_ELEMENTS, nullptr, 0);
      if (element >= 0) {
        value(w, element, depth + 1);
      } else {
        beyond(w, field_hash(fields[size_t(at)].hash, WAYBILL_STEP_ELEMENTS, nullptr, 0), depth + 1);
      }
    } while (!end_of_list(w));
    return count;
  }

  // One element of a list of custom fields; false, and back at its beginning, if it has no id.
  bool custom_field(walker &w, int32_t at, uint32_t depth) {
    const uint32_t *start = w.next, *chosen = nullptr;
    const uint8_t *id = nullptr;
    size_t id_length = 0;
    bool is_chosen_empty = true;
    w.next++;
    if (w.peek() != '}') {
      do {
        const uint8_t *name;
        size_t length;
        if (!w.read_string(name, length)) { return true; }
        w.next++;
        const uint32_t *here = w.next;
        if (length == 2 && std::memcmp(name, "id", 2) == 0 && w.peek() == '"') {
          if (!w.read_string(id, id_length)) { return true; }
          continue;
        }
        const bool is_value = (length == 5 && std::memcmp(name, "value", 5) == 0) || names_value(name, length);
        if (!(w.peek() == '"' ? w.check_string() : w.skip(depth + 1))) { return true; }
        if (is_value && (chosen == nullptr || (is_chosen_empty && !w.is_empty(here)))) {
          chosen = here;
          is_chosen_empty = w.is_empty(here);
        }
      } while (!end_of_list(w));
    } else {
      w.next++;
    }
    if (id == nullptr) {
      w.rewind(start);
      return false;
    }
    const uint32_t *behind = w.next;
    const int32_t field = child(at, WAYBILL_STEP_CUSTOM, id, id_length);
    if (chosen == nullptr) {
      if (field >= 0) { emit(field, {nullptr, 0, 0, WAYBILL_NULL, 0, 0}); }
      return true;
    }
    w.rewind(chosen);
    if (field >= 0) {
      value(w, field, depth + 1);
    } else {
      beyond(w, field_hash(fields[size_t(at)].hash, WAYBILL_STEP_CUSTOM, id, id_length), depth + 1);
    }
    w.next = behind;
    return true;
  }

  // A value of which no field is kept: its fields are counted, in whatever walker they end.
  void beyond(walker &w, uint64_t hash, uint32_t depth) {
    drop(hash);
    const uint8_t mark = w.peek();
    if ((mark != '{' && mark != '[') || depth >= deepest) {
      w.skip(depth);
      return;
    }
    w.next++;
    if (w.peek() == '}' || w.peek() == ']') {
      w.next++;
      return;
    }
    do {
      if (mark == '[') {
        beyond(w, field_hash(hash, WAYBILL_STEP_ELEMENTS, nullptr, 0), depth + 1);
        continue;
      }
      const uint8_t *name;
      size_t length;
      if (!w.read_string(name, length)) { return; }
      w.next++;
      beyond(w, hash_of(hash, name, length), depth + 1);
    } while (!end_of_list(w));
  }
};

} // namespace waybill
