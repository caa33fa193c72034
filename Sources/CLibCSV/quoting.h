// Loops over CSV text, with vectors: Swift's own vector types are compared lane by lane.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t waybill_bytes16 __attribute__((vector_size(16)));
typedef uint64_t waybill_words2 __attribute__((vector_size(16)));

// The bits of each byte that is a comma, a quote or a line break (RFC 4180, section 2).
static inline waybill_words2 waybill_csv_specials(waybill_bytes16 bytes) {
  return (waybill_words2)((bytes == ',') | (bytes == '"') | (bytes == '\n') | (bytes == '\r'));
}

// Copies a text of one byte or more, and says whether a comma, a quote or a line break is in it. The last piece of a text overlaps
// the one before, so nothing beyond it is read or written.
static inline bool waybill_csv_copy(const uint8_t *source, uint8_t *target, size_t count) {
  waybill_bytes16 bytes = {0};
  waybill_words2 found = {0};
  if (count >= 16) {
    for (size_t index = 0; index < count - 16; index += 16) {
      memcpy(&bytes, source + index, 16);
      memcpy(target + index, &bytes, 16);
      found |= waybill_csv_specials(bytes);
    }
    memcpy(&bytes, source + count - 16, 16);
    memcpy(target + count - 16, &bytes, 16);
  } else if (count >= 8) {
    uint64_t words[2];
    memcpy(&words[0], source, 8);
    memcpy(&words[1], source + count - 8, 8);
    memcpy(target, &words[0], 8);
    memcpy(target + count - 8, &words[1], 8);
    memcpy(&bytes, words, 16);
  } else if (count >= 4) {
    uint32_t words[4] = {0};
    memcpy(&words[0], source, 4);
    memcpy(&words[1], source + count - 4, 4);
    memcpy(target, &words[0], 4);
    memcpy(target + count - 4, &words[1], 4);
    memcpy(&bytes, words, 16);
  } else {
    // Of one to three bytes, the first, the middle and the last are all.
    bytes[0] = target[0] = source[0];
    bytes[1] = target[count >> 1] = source[count >> 1];
    bytes[2] = target[count - 1] = source[count - 1];
  }
  found |= waybill_csv_specials(bytes);
  return (found[0] | found[1]) != 0;
}

// Whether a text contains an ASCII control character other than a tab, a line feed or a carriage return.
static inline bool waybill_csv_has_control_character(const uint8_t *source, size_t count) {
  waybill_words2 found = {0};
  size_t index = 0;
  for (; index + 16 <= count; index += 16) {
    waybill_bytes16 bytes;
    memcpy(&bytes, source + index, 16);
    // Tab and line feed are neighbors: 9 and 10.
    found |= (waybill_words2)(((bytes < 0x20) & (bytes - 9 > 1) & (bytes != '\r')) | (bytes == 0x7F));
  }
  bool isFound = (found[0] | found[1]) != 0;
  for (; index < count; index += 1) {
    uint8_t byte = source[index];
    isFound |= (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
  }
  return isFound;
}
