// simdjson finds the structural characters of a whole batch and proves its UTF-8, with vector instructions; this walker
// then reads the grammar from those positions alone. It validates every value, also those that nobody reads, builds
// nothing for them, and fills cells for the rest. So a record is either wholly valid or refused, at the speed of a
// parser that looks only at what it is asked for.
//
// What makes it quick: a string's end is known without a scan (the next structural character, less white space), and
// escapes are looked for only where the record has a backslash.

#include "include/CSimdJSON.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include <simdjson.h>

#include "bump.hpp"
#include "learner.hpp"
#include "scalars.hpp"
#include "trie.hpp"
#include "value_names.hpp"

using namespace waybill;


struct waybill_walker {
  std::vector<trie_node> nodes = std::vector<trie_node>(1);
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;

  const uint8_t *base = nullptr;
  const uint32_t *next = nullptr;    // the next structural character
  const uint32_t *last = nullptr;    // behind the last one
  uint32_t record_begin = 0;
  uint32_t record_end = 0;
  const uint8_t *backslash = nullptr; // the first one not before the string last looked at
  bool has_escapes = false;          // the record has a backslash somewhere
  bool has_controls = false;         // an escape in the record stands for a control character
  uint64_t serial = 0;
  waybill_cell *cells = nullptr;

  bump<uint8_t> text;          // decoded strings of the record
  bump<waybill_cell> elements; // elements of its lists

  int32_t fault = WAYBILL_OK;
  size_t fault_position = 0;

  const size_t maximum_depth;
  std::vector<uint8_t> scopes;
  std::vector<int32_t> matched; // selectors that the elements under way meet
  std::vector<int32_t> open;    // nodes whose slots are about to be blocked

  struct member_name {
    const uint8_t *bytes;
    size_t length;
    size_t position;

    int order(const member_name &other) const {
      const size_t shorter = length < other.length ? length : other.length;
      const int order = shorter == 0 ? 0 : std::memcmp(bytes, other.bytes, shorter);
      return order != 0 ? order : length < other.length ? -1 : length > other.length;
    }
  };
  std::vector<member_name> names;  // of the open objects of a value that is copied whole
  std::vector<size_t> first_names; // where those of each begin
  bool copies_unchecked = false;   // the value under way is taken apart later
  std::unique_ptr<field_learner<waybill_walker>> learner; // null unless fields are learned

  explicit waybill_walker(size_t depth) : maximum_depth(depth), scopes(depth + 1) {}

  bool fail(int32_t code, size_t position) {
    if (fault == WAYBILL_OK) {
      fault = code;
      fault_position = position;
    }
    return false;
  }

  // Whether the string is sound, for any result of `decode` other than WAYBILL_OK.
  bool is_sound(int32_t code, size_t position) {
    if (code != has_control_escape) { return fail(code, position); }
    has_controls = true;
    return true;
  }

  // Behind the last structural character the index has its length, twice, so there is always a `*next` to look at.
  size_t position() const { return *next < record_end ? *next : record_end; }

  uint8_t peek() const { return *next < record_end ? base[*next] : 0; }

  // The end of the scalar or string that starts at structural `next`: what follows it, less white space.
  size_t token_end() const {
    size_t end = next[1] < record_end ? next[1] : record_end;
    while (is_space(base[end - 1])) { end--; }
    return end;
  }

  // Goes back to a value that was walked before.
  void rewind(const uint32_t *start) {
    next = start;
    backslash = base + *start;
  }

  bool has_backslash(size_t begin, size_t end) {
    const uint8_t *stop = base + end;
    if (backslash >= stop) { return false; }
    if (backslash < base + begin) {
      // Only once per backslash of the record, not once per string.
      const void *found = std::memchr(base + begin, '\\', record_end - begin);
      backslash = found ? static_cast<const uint8_t *>(found) : base + record_end;
    }
    return backslash < stop;
  }

  // The bytes between the quotes of the string at structural `next`.
  WAYBILL_INLINE bool string_body(size_t &begin, size_t &end) {
    begin = *next + 1;
    end = next[1] < record_end ? next[1] : record_end;
    // Most strings are followed by no white space.
    if (base[end - 1] != '"') { end = token_end(); }
    if (end <= begin) { return fail(WAYBILL_INVALID_JSON, *next); }
    end--;
    return true;
  }

  // A string that nobody reads. Its quotes pair up, or the index would not be: without a backslash it has nothing to check.
  WAYBILL_INLINE bool check_string() {
    if (!has_escapes) {
      next++;
      return true;
    }
    size_t begin, end;
    if (!string_body(begin, end)) { return false; }
    if (has_backslash(begin, end)) {
      size_t at = begin;
      int32_t code = decode(base, at, end, nullptr, nullptr);
      if (code != WAYBILL_OK && !is_sound(code, at)) { return false; }
    }
    next++;
    return true;
  }

  // The decoded bytes of the string at `next`: the record's own where it has no escapes.
  WAYBILL_INLINE bool read_string(const uint8_t *&bytes, size_t &length) {
    size_t begin, end;
    if (!string_body(begin, end)) { return false; }
    if (has_escapes && has_backslash(begin, end)) {
      size_t at = begin, written = 0;
      uint8_t *out = text.reserve(end - begin + 8);
      if (!out) { return fail(WAYBILL_NO_MEMORY, begin); }
      int32_t code = decode(base, at, end, out, &written);
      if (code != WAYBILL_OK && !is_sound(code, at)) { return false; }
      // Names are looked up with eight readable bytes behind them.
      std::memset(out + written, 0, 8);
      bytes = out;
      length = written;
      text.take(written + 8);
    } else {
      bytes = base + begin;
      length = end - begin;
    }
    next++;
    return true;
  }

  bool check_scalar(waybill_cell *cell) {
    size_t begin = *next, end = token_end();
    waybill_cell ignored;
    if (!scan_scalar(base, begin, end, cell ? *cell : ignored)) { return fail(WAYBILL_INVALID_JSON, begin); }
    next++;
    return true;
  }

  // Validates one value that nobody reads.
  bool skip(size_t depth) {
    const size_t bottom = depth;
  value:
    switch (peek()) {
    case '"':
      if (!check_string()) { return false; }
      break;
    case '{':
      if (++depth > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
      scopes[depth] = '{';
      next++;
      if (peek() == '}') {
        next++;
        depth--;
        break;
      }
      goto member;
    case '[':
      if (++depth > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
      scopes[depth] = '[';
      next++;
      if (peek() == ']') {
        next++;
        depth--;
        break;
      }
      goto value;
    case 0:
      return fail(WAYBILL_INVALID_JSON, position());
    default:
      if (!check_scalar(nullptr)) { return false; }
    }
  after:
    if (depth == bottom) { return true; }
    {
      uint8_t mark = peek();
      if (mark == ',') {
        next++;
        if (scopes[depth] == '[') { goto value; }
        goto member;
      }
      if (mark != (scopes[depth] == '[' ? ']' : '}')) { return fail(WAYBILL_INVALID_JSON, position()); }
      next++;
      depth--;
      goto after;
    }
  member:
    if (peek() != '"') { return fail(WAYBILL_INVALID_JSON, position()); }
    if (!check_string()) { return false; }
    if (peek() != ':') { return fail(WAYBILL_INVALID_JSON, position()); }
    next++;
    goto value;
  }

  // Like `skip`, and refuses objects in which a name occurs twice.
  bool skip_unique(size_t depth) {
    const size_t bottom = depth;
    names.clear();
    first_names.clear();
  value:
    switch (peek()) {
    case '"':
      if (!check_string()) { return false; }
      break;
    case '{':
      if (++depth > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
      scopes[depth] = '{';
      first_names.push_back(names.size());
      next++;
      if (peek() == '}') { goto after; }
      goto member;
    case '[':
      if (++depth > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
      scopes[depth] = '[';
      next++;
      if (peek() == ']') { goto after; }
      goto value;
    case 0:
      return fail(WAYBILL_INVALID_JSON, position());
    default:
      if (!check_scalar(nullptr)) { return false; }
    }
  after:
    if (depth == bottom) { return true; }
    {
      const uint8_t mark = peek();
      const bool is_list = scopes[depth] == '[';
      if (mark == ',') {
        next++;
        if (is_list) { goto value; }
        goto member;
      }
      if (mark != (is_list ? ']' : '}')) { return fail(WAYBILL_INVALID_JSON, position()); }
      if (!is_list && !close_names()) { return false; }
      next++;
      depth--;
      goto after;
    }
  member:
    if (peek() != '"') { return fail(WAYBILL_INVALID_JSON, position()); }
    {
      member_name name{nullptr, 0, *next};
      if (!read_string(name.bytes, name.length)) { return false; }
      names.push_back(name);
    }
    if (peek() != ':') { return fail(WAYBILL_INVALID_JSON, position()); }
    next++;
    goto value;
  }

  // The names of the object that ends here: none twice. Few are compared as they are, many are sorted first.
  bool close_names() {
    const size_t first = first_names.back();
    first_names.pop_back();
    const size_t count = names.size() - first;
    const member_name *twice = nullptr;
    auto *begin = names.data() + first;
    if (count <= 8) {
      for (size_t index = 1; index < count && !twice; index++) {
        for (size_t other = 0; other < index; other++) {
          if (begin[index].order(begin[other]) == 0) { twice = begin + index; break; }
        }
      }
    } else {
      std::sort(begin, begin + count, [](const member_name &left, const member_name &right) {
        const int order = left.order(right);
        return order != 0 ? order < 0 : left.position < right.position;
      });
      for (size_t index = 1; index < count; index++) {
        if (begin[index].order(begin[index - 1]) == 0 && (!twice || begin[index].position < twice->position)) { twice = begin + index; }
      }
    }
    if (twice) { return fail(WAYBILL_DUPLICATE_MEMBER, twice->position); }
    names.resize(first);
    return true;
  }

  WAYBILL_INLINE bool fill_text(waybill_cell &cell) {
    const uint8_t *bytes;
    size_t length;
    if (!read_string(bytes, length)) { return false; }
    cell = {bytes, 0, uint32_t(length), WAYBILL_STRING, 0, 0};
    return true;
  }

  // One value into a cell.
  WAYBILL_INLINE bool fill(waybill_cell &cell, size_t depth) {
    switch (peek()) {
    case '"': return fill_text(cell);
    case '{': return fill_raw(cell, depth);
    case '[': return fill_list(cell, depth);
    case 0: return fail(WAYBILL_INVALID_JSON, position());
    default: return check_scalar(&cell);
    }
  }

  // A whole object, or a list in a list, as it is written. All of it is read, so no member may occur twice in it.
  bool fill_raw(waybill_cell &cell, size_t depth) {
    size_t begin = *next;
    const bool is_checked = !copies_unchecked;
    if (!(is_checked ? skip_unique(depth) : skip(depth))) { return false; }
    // The structural before `next` closed the value.
    cell = {base + begin, 0, uint32_t(next[-1] + 1 - begin), WAYBILL_OBJECT, 0, 0};
    return true;
  }

  bool fill_list(waybill_cell &cell, size_t depth) {
    if (depth + 1 > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
    next++;
    size_t count = 0;
    if (peek() == ']') {
      next++;
    } else {
      for (;;) {
        // Lists do not nest as cells: a list or object inside keeps its text.
        waybill_cell *element = elements.reserve(1, count);
        if (!element) { return fail(WAYBILL_NO_MEMORY, position()); }
        bool filled = peek() == '[' ? fill_raw(*element, depth + 1) : fill(*element, depth + 1);
        if (!filled) { return false; }
        elements.take(1);
        count++;
        uint8_t mark = peek();
        next++;
        if (mark == ']') { break; }
        if (mark != ',') { next--; return fail(WAYBILL_INVALID_JSON, position()); }
      }
    }
    cell = {elements.end() - count, 0, uint32_t(count), WAYBILL_LIST, 0, 0};
    return true;
  }

  bool walk_value(int32_t at, size_t depth) {
    const trie_node &node = nodes[size_t(at)];
    const uint8_t mark = peek();
    if (mark == node.opens && node.slot < 0) { return mark == '{' ? walk_object(at, depth) : walk_array(at, depth); }
    return node.leaf_slot >= 0 ? fill_slot(node, depth) : walk_closely(at, depth);
  }

  // A value that is read both whole and in parts, or whose shape is not what the next step of a path takes.
  bool walk_closely(int32_t at, size_t depth) {
    const trie_node &node = nodes[size_t(at)];
    const uint32_t *start = next;
    const uint8_t mark = peek();
    const bool is_object = mark == '{' && node.reads_members();
    const bool is_list = mark == '[' && node.reads_elements();
    if (node.slot >= 0) {
      if (!fill_slot(node, depth)) { return false; }
    } else if (!is_object && !is_list) {
      if (!skip(depth)) { return false; }
    }
    if (is_object || is_list) {
      rewind(start);
      if (!(is_object ? walk_object(at, depth) : walk_array(at, depth))) { return false; }
    }
    const bool misses_members = node.reads_members() && !is_object;
    const bool misses_elements = node.reads_elements() && !is_list;
    if ((!misses_members && !misses_elements) || is_empty(start)) { return true; }
    waybill_cell cell;
    if (!describe(start, node.level, WAYBILL_OTHER_SHAPE, cell)) { return false; }
    if (misses_members) { open_members(node); }
    if (misses_elements) { open_elements(node); }
    block(cell);
    return true;
  }

  // Null, "", [] or {}: empty, whatever shape is expected. The value begins at this structural and has been walked.
  bool is_empty(const uint32_t *start) const {
    switch (base[*start]) {
    case 'n': return true;
    case '"': return base[*start + 1] == '"';
    case '[': return start[1] < record_end && base[start[1]] == ']';
    case '{': return start[1] < record_end && base[start[1]] == '}';
    default: return false;
    }
  }

  // The end of the value that begins at this structural and was walked last.
  size_t end_of(const uint32_t *start) const {
    if (base[*start] == '{' || base[*start] == '[') { return next[-1] + 1; }
    size_t end = start[1] < record_end ? start[1] : record_end;
    while (is_space(base[end - 1])) { end--; }
    return end;
  }

  // That value, as a cell for the paths that it blocks. If it is a string, no other string has been decoded since.
  bool describe(const uint32_t *start, size_t level, uint32_t reason, waybill_cell &cell) {
    const size_t begin = *start, end = end_of(start);
    const int64_t number = int64_t(uint64_t(reason) << 32 | level);
    cell = {base + begin, number, uint32_t(end - begin), WAYBILL_BLOCKED, WAYBILL_NUMBER, 0};
    switch (base[begin]) {
    case '{': cell.flags = WAYBILL_OBJECT; break;
    case '[': cell.flags = WAYBILL_LIST; break;
    case 't': cell.flags = WAYBILL_TRUE; break;
    case 'f': cell.flags = WAYBILL_FALSE; break;
    case 'n': cell.flags = WAYBILL_NULL; break;
    case '"': {
      const uint32_t *behind = next;
      const uint8_t *bytes;
      size_t length;
      // The next backslash is already known: searching for it again would scan the rest of the record once per element.
      next = start;
      if (!read_string(bytes, length)) { return false; }
      next = behind;
      cell.pointer = bytes;
      cell.length = uint32_t(length);
      cell.flags = WAYBILL_STRING;
    }
    }
    return true;
  }

  void open_all(const name_table &names) { open.insert(open.end(), names.all().begin(), names.all().end()); }

  void open_members(const trie_node &node) {
    open_all(node.members);
    open_all(node.folded);
  }

  void open_elements(const trie_node &node) {
    for (const auto &element : node.elements) { open.push_back(element.second); }
    for (const auto &group : node.selectors) {
      open_all(group.texts);
      open_all(group.items);
    }
  }

  // Puts the cell into the slots of all open nodes and of the nodes below them. Paths may be longer than the stack is deep.
  void block(const waybill_cell &cell) {
    while (!open.empty()) {
      const trie_node &node = nodes[size_t(open.back())];
      open.pop_back();
      if (node.slot >= 0) { cells[node.slot] = cell; }
      open_members(node);
      open_elements(node);
    }
  }

  WAYBILL_INLINE bool fill_slot(const trie_node &node, size_t depth) {
    copies_unchecked = node.is_unchecked;
    return fill(cells[node.slot], depth);
  }

  WAYBILL_INLINE int32_t member_node(const trie_node &node, const uint8_t *name, size_t length) {
    int32_t found = node.members.find(name, length);
    if (found >= 0 || node.folded.empty() || length > 64) { return found; }
    uint8_t lower[72] = {};
    for (size_t index = 0; index < length; index++) {
      lower[index] = name[index] >= 'A' && name[index] <= 'Z' ? name[index] + 32 : name[index];
    }
    return node.folded.find(lower, length);
  }

  bool walk_object(int32_t at, size_t depth) {
    if (depth + 1 > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
    next++;
    if (peek() == '}') {
      next++;
      return true;
    }
    for (;;) {
      if (peek() != '"') { return fail(WAYBILL_INVALID_JSON, position()); }
      size_t name_position = *next;
      const uint8_t *name;
      size_t length;
      if (!read_string(name, length)) { return false; }
      if (peek() != ':') { return fail(WAYBILL_INVALID_JSON, position()); }
      next++;
      int32_t child = member_node(nodes[size_t(at)], name, length);
      // Most values are texts: those go without a call.
      const bool is_text = peek() == '"';
      if (child < 0) {
        if (!(is_text ? check_string() : skip(depth + 1))) { return false; }
      } else {
        trie_node &node = nodes[size_t(child)];
        if (node.visit == serial) { return fail(WAYBILL_DUPLICATE_MEMBER, name_position); }
        node.visit = serial;
        if (!(is_text && node.leaf_slot >= 0 ? fill_text(cells[node.leaf_slot]) : walk_value(child, depth + 1))) { return false; }
      }
      uint8_t mark = peek();
      next++;
      if (mark == '}') { return true; }
      if (mark != ',') { next--; return fail(WAYBILL_INVALID_JSON, position()); }
    }
  }

  bool walk_array(int32_t at, size_t depth) {
    if (depth + 1 > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
    next++;
    if (peek() == ']') {
      next++;
      return true;
    }
    trie_node &node = nodes[size_t(at)];
    waybill_cell stray = {}; // the first element that is not an object, preferring one that is not blank text
    bool has_stray = false, is_blank_stray = false;
    for (uint32_t index = 0;; index++) {
      const uint32_t *start = next;
      const size_t bottom = matched.size();
      if (!node.selectors.empty() && peek() == '{') {
        if (!choose(node, depth + 1)) { return false; }
      } else {
        if (!skip(depth + 1)) { return false; }
        if (!node.selectors.empty() && (!has_stray || is_blank_stray) && !is_empty(start)) {
          waybill_cell element;
          if (!describe(start, node.level, WAYBILL_STRAY_ELEMENT, element)) { return false; }
          const bool is_blank_text = element.flags == WAYBILL_STRING && is_blank(element.pointer, element.length);
          if (!has_stray || !is_blank_text) { stray = element; is_blank_stray = is_blank_text; }
          has_stray = true;
        }
      }
      const uint32_t *behind = next;
      for (size_t match = bottom; match < matched.size(); match++) {
        const int32_t chosen = matched[match];
        nodes[size_t(chosen)].visit = serial;
        rewind(start);
        if (!(nodes[size_t(chosen)].is_item ? walk_item(chosen, depth + 1) : walk_value(chosen, depth + 1))) { return false; }
      }
      matched.resize(bottom);
      for (const auto &element : node.elements) {
        if (element.first != index) { continue; }
        rewind(start);
        if (!walk_value(element.second, depth + 1)) { return false; }
      }
      next = behind;
      uint8_t mark = peek();
      next++;
      if (mark == ']') {
        if (has_stray || node.strays == serial) { block_unchosen(node, has_stray ? &stray : nullptr, is_blank_stray); }
        return true;
      }
      if (mark != ',') { next--; return fail(WAYBILL_INVALID_JSON, position()); }
    }
  }

  // The list had elements that cannot be compared, and one of them may be what a path did not find. Whether blank text
  // counts as one is not decided here; any other such element takes precedence.
  void block_unchosen(trie_node &node, const waybill_cell *stray, bool is_blank_stray) {
    for (auto &group : node.selectors) {
      for (int kind = 0; kind < 2; kind++) {
        const name_table &table = kind == 0 ? group.texts : group.items;
        const stray_element &own = kind == 0 ? group.of_texts : group.of_items;
        const bool has_own = own.serial == serial && (!stray || is_blank_stray);
        if (!stray && !has_own) { continue; }
        for (const int32_t child : table.all()) {
          if (nodes[size_t(child)].visit != serial) { open.push_back(child); }
        }
        block(has_own ? own.cell : *stray);
      }
    }
  }

  // Validates one element object and finds the selectors that its members meet, each for the first element that does.
  bool choose(trie_node &node, size_t depth) {
    const uint32_t *start = next;
    if (depth + 1 > maximum_depth) { return fail(WAYBILL_TOO_DEEP, position()); }
    next++;
    if (peek() == '}') {
      next++;
      return true;
    }
    uint64_t seen = 0;    // for the first 64 groups; no mapping selects by more members
    uint64_t usable = 0;  // groups with something to compare
    uint64_t strange = 0; // groups with a list or an object instead
    int32_t item = -1;    // which custom field this is
    for (;;) {
      if (peek() != '"') { return fail(WAYBILL_INVALID_JSON, position()); }
      const size_t name_position = *next;
      const uint8_t *name;
      size_t length;
      if (!read_string(name, length)) { return false; }
      if (peek() != ':') { return fail(WAYBILL_INVALID_JSON, position()); }
      next++;
      const selector_group *group = nullptr;
      for (const auto &candidate : node.selectors) {
        if (candidate.member.size() == length && std::memcmp(candidate.member.data(), name, length) == 0) {
          group = &candidate;
          break;
        }
      }
      const uint64_t bit = group ? uint64_t(1) << ((group - node.selectors.data()) & 63) : 0;
      if (group) {
        if (seen & bit) { return fail(WAYBILL_DUPLICATE_MEMBER, name_position); }
        seen |= bit;
      }
      if (group && peek() == '"') {
        const uint8_t *value;
        size_t value_length;
        if (!read_string(value, value_length)) { return false; }
        if (value_length > 0) { usable |= bit; }
        match(*group, value, value_length, item);
      } else if (group && peek() != '{' && peek() != '[' && peek() != 'n' && peek() != 0) {
        // A number or a truth value, by its text.
        const size_t begin = *next, end = token_end();
        if (!check_scalar(nullptr)) { return false; }
        usable |= bit;
        match(*group, base + begin, end - begin, item);
      } else {
        const uint32_t *value = next;
        if (!skip(depth + 1)) { return false; }
        if (group && !is_empty(value)) { strange |= bit; }
      }
      uint8_t mark = peek();
      next++;
      if (mark == '}') { break; }
      if (mark != ',') { next--; return fail(WAYBILL_INVALID_JSON, position()); }
    }
    const size_t groups = node.selectors.size();
    const uint64_t all = groups >= 64 ? ~uint64_t(0) : (uint64_t(1) << groups) - 1;
    if (usable != all && !note_strays(node, start, usable, strange)) { return false; }
    return item < 0 || take_item(nodes[size_t(item)], start);
  }

  WAYBILL_INLINE void match(const selector_group &group, const uint8_t *text, size_t length, int32_t &item) {
    const int32_t found = group.texts.find(text, length);
    if (found >= 0 && nodes[size_t(found)].visit != serial) { matched.push_back(found); }
    if (group.items.empty()) { return; }
    const int32_t field = group.items.find(text, length);
    if (field < 0) { return; }
    item = field;
    if (nodes[size_t(field)].visit != serial) { matched.push_back(field); }
  }

  bool note_strays(trie_node &node, const uint32_t *start, uint64_t usable, uint64_t strange) {
    for (size_t index = 0; index < node.selectors.size() && index < 64; index++) {
      if ((usable >> index & 1) == 0 && !note_stray(node, node.selectors[index], start, strange >> index & 1)) { return false; }
    }
    return true;
  }

  // The element at this structural, walked last, has nothing to compare under the group's member; `is_strange`: it has a
  // list or an object there. A custom field without an id could be any field, whereas other elements need not have the
  // member.
  bool note_stray(trie_node &node, selector_group &group, const uint32_t *start, bool is_strange) {
    const bool concerns_items = !group.items.empty() && group.of_items.serial != serial;
    const bool concerns_texts = is_strange && !group.texts.empty() && group.of_texts.serial != serial;
    if (!concerns_items && !concerns_texts) { return true; }
    waybill_cell cell;
    if (!describe(start, node.level, WAYBILL_STRAY_ELEMENT, cell)) { return false; }
    node.strays = serial;
    if (concerns_items) { group.of_items = {serial, cell}; }
    if (concerns_texts) { group.of_texts = {serial, cell}; }
    return true;
  }

  // The custom field at this structural, walked last, is the first with its id, or must equal the first one.
  bool take_item(trie_node &node, const uint32_t *start) {
    const size_t begin = *start, end = end_of(start);
    if (node.visit != serial) {
      node.item_begin = begin;
      node.item_end = end;
      return true;
    }
    if (is_same(node.item_begin, node.item_end, begin, end)) { return true; }
    waybill_cell cell;
    if (!describe(start, node.level, WAYBILL_REPEATED_FIELD, cell)) { return false; }
    open_members(node);
    block(cell);
    return true;
  }

  bool is_same(size_t begin, size_t end, size_t other_begin, size_t other_end) const {
    return end - begin == other_end - other_begin && std::memcmp(base + begin, base + other_begin, end - begin) == 0;
  }

  // A custom field that some path reads: its value, under any of its names. If several are not empty, they must all be
  // equal.
  bool walk_item(int32_t at, size_t depth) {
    const trie_node &node = nodes[size_t(at)];
    const uint32_t *start = next;
    const int32_t value = node.members.all().front();
    next++;
    size_t begin = 0, end = 0; // of the chosen value
    bool has_value = false, differs = false, has_lookalike = false;
    for (;;) {
      const size_t name_position = *next;
      const uint8_t *name;
      size_t length;
      if (!read_string(name, length)) { return false; }
      next++;
      const bool is_plain = node.members.find(name, length) >= 0;
      if (is_plain) {
        if (nodes[size_t(value)].visit == serial) { return fail(WAYBILL_DUPLICATE_MEMBER, name_position); }
        nodes[size_t(value)].visit = serial;
      }
      const uint32_t *here = next;
      const bool is_text = peek() == '"';
      if (!is_plain && !names_value(name, length)) {
        const bool is_lookalike = !has_value && resembles_value_name(name, length);
        if (!(is_text ? check_string() : skip(depth + 1))) { return false; }
        if (is_lookalike && !is_empty(here)) { has_lookalike = true; }
      } else if (has_value || (begin > 0 && is_empty(here))) {
        if (!skip(depth + 1)) { return false; }
        if (!is_empty(here) && !is_same(begin, end, *here, end_of(here))) { differs = true; }
      } else {
        const int32_t slot = nodes[size_t(value)].leaf_slot;
        if (!(is_text && slot >= 0 ? fill_text(cells[slot]) : walk_value(value, depth + 1))) { return false; }
        has_value = !is_empty(here);
        begin = *here;
        end = end_of(here);
      }
      const uint8_t mark = peek();
      next++;
      if (mark == '}') { break; }
    }
    const bool is_unknown = has_lookalike && !has_value;
    if (!differs && !is_unknown) { return true; }
    waybill_cell cell;
    if (!describe(start, node.level, differs ? WAYBILL_SEVERAL_VALUES : WAYBILL_UNKNOWN_VALUE_NAME, cell)) { return false; }
    open.push_back(value);
    block(cell);
    return true;
  }

  bool walk_record() {
    const bool is_read = peek() == '{' || (peek() == '[' && nodes[0].reads_elements());
    if (!is_read) {
      size_t begin = position();
      if (!skip(0)) { return false; }
      if (*next < record_end) { return fail(WAYBILL_INVALID_JSON, position()); }
      return fail(WAYBILL_NOT_AN_OBJECT, begin);
    }
    if (!walk_value(0, 0)) { return false; }
    if (*next < record_end) { return fail(WAYBILL_INVALID_JSON, position()); }
    return true;
  }
};

extern "C" {

waybill_walker *waybill_walker_create(size_t maximum_depth) { return new (std::nothrow) waybill_walker(maximum_depth); }

void waybill_walker_destroy(waybill_walker *walker) { delete walker; }

static int32_t add_node(waybill_walker *walker, int32_t parent) {
  walker->nodes.emplace_back();
  walker->nodes.back().level = walker->nodes[size_t(parent)].level + 1;
  return int32_t(walker->nodes.size() - 1);
}

int32_t waybill_walker_member(waybill_walker *walker, int32_t node, const uint8_t *name, size_t length, bool any_case) {
  std::string key(reinterpret_cast<const char *>(name), length);
  if (any_case) {
    for (char &byte : key) { byte = byte >= 'A' && byte <= 'Z' ? char(byte + 32) : byte; }
  }
  std::string padded = key + std::string(8, '\0');
  const auto *bytes = reinterpret_cast<const uint8_t *>(padded.data());
  name_table &table = any_case ? walker->nodes[size_t(node)].folded : walker->nodes[size_t(node)].members;
  int32_t child = table.find(bytes, length);
  if (child >= 0) { return child; }
  child = add_node(walker, node);
  trie_node &parent = walker->nodes[size_t(node)];
  (any_case ? parent.folded : parent.members).insert(key, child);
  parent.settle();
  return child;
}

int32_t waybill_walker_element(waybill_walker *walker, int32_t node, uint32_t index) {
  for (const auto &element : walker->nodes[size_t(node)].elements) {
    if (element.first == index) { return element.second; }
  }
  int32_t child = add_node(walker, node);
  trie_node &parent = walker->nodes[size_t(node)];
  parent.elements.emplace_back(index, child);
  parent.settle();
  return child;
}

// The node of a selector, or of an item if `is_item`.
static int32_t select_node(waybill_walker *walker, int32_t node, const std::string &member, const std::string &text,
                           bool is_item) {
  const std::string padded = text + std::string(8, '\0');
  auto &groups = walker->nodes[size_t(node)].selectors;
  size_t group = 0;
  while (group < groups.size() && groups[group].member != member) { group++; }
  if (group == groups.size()) {
    groups.emplace_back();
    groups.back().member = member;
  }
  const name_table &known = is_item ? groups[group].items : groups[group].texts;
  int32_t child = known.find(reinterpret_cast<const uint8_t *>(padded.data()), text.size());
  if (child >= 0) { return child; }
  child = add_node(walker, node);
  walker->nodes[size_t(child)].is_item = is_item;
  trie_node &parent = walker->nodes[size_t(node)];
  (is_item ? parent.selectors[group].items : parent.selectors[group].texts).insert(text, child);
  parent.settle();
  return child;
}

int32_t waybill_walker_select(waybill_walker *walker, int32_t node, const uint8_t *name, size_t name_length,
                              const uint8_t *text, size_t text_length) {
  const std::string member(reinterpret_cast<const char *>(name), name_length);
  const std::string value(reinterpret_cast<const char *>(text), text_length);
  return select_node(walker, node, member, value, false);
}

int32_t waybill_walker_custom_field(waybill_walker *walker, int32_t node, const uint8_t *id, size_t length) {
  const std::string text(reinterpret_cast<const char *>(id), length);
  const int32_t item = select_node(walker, node, "id", text, true);
  const int32_t value = waybill_walker_member(walker, item, reinterpret_cast<const uint8_t *>("value"), 5, false);
  // To the caller that built the path, the item and its value are one step.
  walker->nodes[size_t(value)].level = walker->nodes[size_t(item)].level;
  return value;
}

const char *waybill_value_name(size_t index) {
  return index < sizeof value_names / sizeof *value_names ? value_names[index] : nullptr;
}

int32_t waybill_walker_slot(waybill_walker *walker, int32_t node, int32_t slot, bool is_unchecked) {
  trie_node &at = walker->nodes[size_t(node)];
  if (at.slot >= 0) {
    at.is_unchecked = at.is_unchecked && is_unchecked;
    return at.slot;
  }
  at.slot = slot;
  at.is_unchecked = is_unchecked;
  at.settle();
  return slot;
}

int32_t waybill_walker_index(waybill_walker *walker, const uint8_t *bytes, size_t length) {
  if (length >= UINT32_MAX - 64) { return WAYBILL_NO_MEMORY; }
  walker->base = bytes;
  walker->next = walker->last = nullptr;
  if (!walker->parser) {
    auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        length > 4096 ? length : 4096, 4, walker->parser);
    if (error) { return WAYBILL_NO_MEMORY; }
  } else if (walker->parser->capacity() < length || (walker->parser->capacity() > (4u << 20) && length < (1u << 20))) {
    // An index has four bytes per byte: what one huge record needed is given back.
    if (walker->parser->set_capacity(length > 4096 ? length : 4096)) { return WAYBILL_NO_MEMORY; }
  }
  auto error = walker->parser->stage1(bytes, length, simdjson::stage1_mode::regular);
  switch (error) {
  case simdjson::SUCCESS:
  case simdjson::EMPTY: break;
  case simdjson::UTF8_ERROR: return WAYBILL_INVALID_UTF8;
  case simdjson::MEMALLOC:
  case simdjson::CAPACITY: return WAYBILL_NO_MEMORY;
  default: return WAYBILL_INVALID_JSON;
  }
  size_t count = error == simdjson::EMPTY ? 0 : walker->parser->n_structural_indexes;
  static const uint32_t nothing[2] = {UINT32_MAX, UINT32_MAX};
  walker->next = count > 0 ? walker->parser->structural_indexes.get() : nothing;
  walker->last = walker->next + count;
  if (walker->learner) { walker->learner->next = walker->next; }
  return WAYBILL_OK;
}

int32_t waybill_walker_walk(waybill_walker *walker, size_t begin, size_t end, waybill_cell *cells, size_t slot_count,
                            size_t *fault_offset) {
  // A broken record may have left structurals behind.
  while (walker->next < walker->last && *walker->next < begin) { walker->next++; }
  if (slot_count > 0) { std::memset(static_cast<void *>(cells), 0, slot_count * sizeof(waybill_cell)); }
  walker->record_begin = uint32_t(begin);
  walker->record_end = uint32_t(end);
  walker->backslash = walker->base + begin;
  walker->has_escapes = std::memchr(walker->base + begin, '\\', end - begin) != nullptr;
  walker->has_controls = false;
  walker->cells = cells;
  walker->serial++;
  walker->matched.clear();
  walker->open.clear();
  walker->text.reset();
  walker->elements.reset();
  walker->fault = WAYBILL_OK;
  walker->walk_record();
  if (walker->fault != WAYBILL_OK) {
    *fault_offset = walker->fault_position - begin;
    while (walker->next < walker->last && *walker->next < end) { walker->next++; }
  }
  return walker->fault;
}

bool waybill_walker_learn(waybill_walker *walker, size_t limit) {
  walker->learner.reset(new (std::nothrow) field_learner<waybill_walker>(limit));
  return walker->learner != nullptr;
}

void waybill_walker_learn_custom_list(waybill_walker *walker, const uint8_t *name, size_t length) {
  const std::string padded = std::string(reinterpret_cast<const char *>(name), length) + std::string(8, '\0');
  const int32_t list = walker->learner->child(0, WAYBILL_STEP_MEMBER, reinterpret_cast<const uint8_t *>(padded.data()), length);
  if (list >= 0) { walker->learner->fields[size_t(list)].is_custom_list = true; }
}

const waybill_found *waybill_walker_found(waybill_walker *walker, size_t *count) {
  auto &learner = *walker->learner;
  while (learner.next < walker->last && *learner.next < walker->record_begin) { learner.next++; }
  learner.report(*walker, learner.next);
  *count = learner.found_count;
  return learner.found.data();
}

bool waybill_walker_field(const waybill_walker *walker, int32_t field, waybill_field *description) {
  const auto &fields = walker->learner->fields;
  if (field < 0 || size_t(field) >= fields.size()) { return false; }
  const auto &known = fields[size_t(field)];
  *description = {known.parent, known.step, known.is_dropped, reinterpret_cast<const uint8_t *>(known.name.data()), known.name.size()};
  return true;
}

const uint8_t *waybill_walker_dropped(const waybill_walker *walker) { return walker->learner->dropped; }

uint64_t waybill_field_hash(uint64_t parent, uint8_t step, const uint8_t *name, size_t length) {
  return field_hash(parent, step, name, length);
}

bool waybill_walker_has_controls(const waybill_walker *walker) { return walker->has_controls; }

int32_t waybill_locate_fault(const uint8_t *bytes, size_t length, size_t *fault_offset) {
  return locate_fault(bytes, length, fault_offset);
}

bool waybill_is_utf8(const uint8_t *bytes, size_t length) {
  return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
}

} // extern "C"
