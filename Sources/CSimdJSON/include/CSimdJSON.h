// Walks JSON records and fills cells for the paths that a program reads. Our own types over simdjson.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The same layout as `Cell` in Core; kinds are `CellKind`'s raw values.
typedef struct waybill_cell {
  const void *pointer;
  int64_t number;
  uint32_t length;
  uint8_t kind;
  uint8_t flags;
  uint16_t reserved;
} waybill_cell;

enum waybill_cell_kind {
  WAYBILL_MISSING = 0,
  WAYBILL_NULL = 1,
  WAYBILL_FALSE = 2,
  WAYBILL_TRUE = 3,
  WAYBILL_INTEGER = 4,
  WAYBILL_NUMBER = 6,
  WAYBILL_STRING = 7,
  WAYBILL_LIST = 10,
  WAYBILL_OBJECT = 11,
  WAYBILL_BLOCKED = 12,
};

// What blocks a path: the upper half of a blocked cell's number. The lower half counts the steps before it.
enum waybill_obstacle {
  // The value after these steps has a different shape than the next step takes.
  WAYBILL_OTHER_SHAPE = 0,
  // An element of the list after these steps lacks the selector's member, and no other element was selected.
  WAYBILL_STRAY_ELEMENT = 1,
  // Several custom fields have this id, and they differ.
  WAYBILL_REPEATED_FIELD = 2,
  // A custom field has different values under several of its names.
  WAYBILL_SEVERAL_VALUES = 3,
  // A custom field has no value under a known name, but something under a similar one.
  WAYBILL_UNKNOWN_VALUE_NAME = 4,
};

enum waybill_fault {
  WAYBILL_OK = 0,
  WAYBILL_INVALID_JSON = 1,
  WAYBILL_INVALID_UTF8 = 2,
  WAYBILL_DUPLICATE_MEMBER = 3,
  WAYBILL_TOO_DEEP = 4,
  WAYBILL_NOT_AN_OBJECT = 5,
  WAYBILL_NO_MEMORY = 6,
};

typedef struct waybill_walker waybill_walker;

// A walker holds one trie of paths and the memory that the cells of the last record point into. One per thread.
// Records nested deeper than `maximum_depth` are refused.
waybill_walker *waybill_walker_create(size_t maximum_depth);
void waybill_walker_destroy(waybill_walker *walker);

// Grow the trie; node 0 is the record. Each returns the child's node: an existing one where the step is there already.
int32_t waybill_walker_member(waybill_walker *walker, int32_t node, const uint8_t *name, size_t length, bool any_case);
int32_t waybill_walker_element(waybill_walker *walker, int32_t node, uint32_t index);
// The first element whose member `name` is the string `text`, or a number or truth value written so.
int32_t waybill_walker_select(waybill_walker *walker, int32_t node, const uint8_t *name, size_t name_length,
                              const uint8_t *text, size_t text_length);
// The value of the custom field with this id, in a list as GHL writes it: `[{"id": …, "value": …}]`. The value may also be
// under another of its names (`waybill_value_name`). Returns the value's node.
int32_t waybill_walker_custom_field(waybill_walker *walker, int32_t node, const uint8_t *id, size_t length);
// The names of a custom field's value besides `value`; NULL after the last one.
const char *waybill_value_name(size_t index);
// The value at `node` goes into this slot of the cells; gives the slot that it goes into, which is another where `node`
// has one already. A value that is copied whole may have no member twice, unless it is `is_unchecked` for all that ask.
int32_t waybill_walker_slot(waybill_walker *walker, int32_t node, int32_t slot, bool is_unchecked);

// Indexes a stretch of bytes that holds any number of whole records; 64 readable bytes must follow it.
// Anything but WAYBILL_OK says that some record in it is broken: index them one by one, then.
int32_t waybill_walker_index(waybill_walker *walker, const uint8_t *bytes, size_t length);

// Walks the record that lies at [begin, end) of the indexed stretch; records must be walked in order.
// Fills `slot_count` cells; what they point at stays valid until the next walk or index, and as long as the bytes do.
// A path that meets a value of a different shape than its next step takes yields a blocked cell: `flags` has the value's
// kind, and the cell points at its text (for a string, the decoded bytes). Null, "", [] and {} leave it missing.
// On a fault, `fault_offset` is the offset in the record.
int32_t waybill_walker_walk(waybill_walker *walker, size_t begin, size_t end, waybill_cell *cells, size_t slot_count,
                            size_t *fault_offset);

// Whether a string of the record that was walked last, read or not, has an escape for a control character (`\u0000`, `\b`).
bool waybill_walker_has_controls(const waybill_walker *walker);

// What leads from a value to a field in it.
enum waybill_step {
  WAYBILL_STEP_RECORD = 0,
  WAYBILL_STEP_MEMBER = 1,
  // All elements of a list.
  WAYBILL_STEP_ELEMENTS = 2,
  // The custom field with this id, in a list of them.
  WAYBILL_STEP_CUSTOM = 3,
  // Members that are named by an ID, all together.
  WAYBILL_STEP_ANY = 4,
};

// A value and the field that it belongs to. Lists and objects have no text: `length` counts their elements or members.
typedef struct waybill_found {
  waybill_cell cell;
  int32_t field;
  int32_t reserved;
} waybill_found;

typedef struct waybill_field {
  int32_t parent; // -1: this is the record
  uint8_t step;
  bool is_dropped; // beyond the limit
  const uint8_t *name; // of a member, or the id of a custom field
  size_t name_length;
} waybill_field;

// Registers of the HyperLogLog over the paths of dropped fields.
#define WAYBILL_REGISTERS 4096

// From now on, the walker learns which fields records have, whatever paths it has: at most about `limit` of them, twice as many at
// times. Field 0 is the record; later numbers are given as fields are found. False: no memory.
bool waybill_walker_learn(waybill_walker *walker, size_t limit);
// The record's member `name` is a list of custom fields as GHL writes it.
void waybill_walker_learn_custom_list(waybill_walker *walker, const uint8_t *name, size_t length);
// All values of the record that was walked last, without a fault; values inside a list or object come before it. Valid as long
// as the cells of the walk, or until the next call.
const waybill_found *waybill_walker_found(waybill_walker *walker, size_t *count);
// False: there is no such field.
bool waybill_walker_field(const waybill_walker *walker, int32_t field, waybill_field *description);
const uint8_t *waybill_walker_dropped(const waybill_walker *walker);
// What ranks fields: of the record 0, of others from what they are part of.
uint64_t waybill_field_hash(uint64_t parent, uint8_t step, const uint8_t *name, size_t length);

// Where the first byte lies that makes a record unreadable to the indexer: invalid UTF-8, a raw control character in a
// string, or the opening quote of a string that is not closed.
int32_t waybill_locate_fault(const uint8_t *bytes, size_t length, size_t *fault_offset);

// Whether these bytes are valid UTF-8.
bool waybill_is_utf8(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif
