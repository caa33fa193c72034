// The names that GHL gives to a custom field's value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace waybill {

// Besides `value`, depending on API version and data type.
static constexpr const char *value_names[] = {
    "fieldValue",         "fieldValueString", "fieldValueNumber", "fieldValueBoolean",  "fieldValueDate",
    "fieldValueArray",    "fieldValueObject", "fieldValueFile",   "fieldValueFiles",    "field_value",
    "field_value_string", "field_value_number", "field_value_boolean", "field_value_date", "field_value_array",
    "field_value_object", "field_value_file", "field_value_files",
};

inline bool names_value(const uint8_t *name, size_t length) {
  if (length < 10 || std::memcmp(name, "field", 5) != 0) { return false; }
  for (const char *known : value_names) {
    if (std::strlen(known) == length && std::memcmp(known, name, length) == 0) { return true; }
  }
  return false;
}

// An unknown name that probably holds a value: a known one in another case, in the plural or truncated (`Value`, `values`,
// `valu`, `fieldvalue`), or that of an unknown data type (`fieldValueMoney`). A name such as `fieldValueType` only describes
// the value.
inline bool resembles_value_name(const uint8_t *name, size_t length) {
  if (length < 3 || length > 64) { return false; }
  char folded[64];
  size_t count = 0;
  for (size_t index = 0; index < length; index++) {
    const uint8_t byte = name[index];
    if (byte != '_' && byte != '-') { folded[count++] = char(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte); }
  }
  const std::string_view all(folded, count);
  if (all.find("val") == all.npos) { return false; }
  constexpr std::string_view stem = "fieldvalue";
  if (all.substr(0, stem.size()) == stem) {
    for (const std::string_view other : {"type", "id", "key", "name"}) {
      if (count >= stem.size() + other.size() && all.substr(count - other.size()) == other) { return false; }
    }
    return true;
  }
  // Any other part of a known name that contains these letters is part of their common stem.
  const std::string_view one = all.back() == 's' ? all.substr(0, count - 1) : all;
  return stem.find(one) != stem.npos;
}

} // namespace waybill
