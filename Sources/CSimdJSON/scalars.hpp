// Numbers, words and string escapes of JSON (RFC 8259), byte by byte: what is left when the structure is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "include/CSimdJSON.h"

namespace waybill {

inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

inline bool is_digit(uint8_t byte) { return uint8_t(byte - '0') <= 9; }

// [begin, end) is exactly one number or word. Integers that fit 64 bits get their value; every number keeps its digits.
inline bool scan_scalar(const uint8_t *base, size_t begin, size_t end, waybill_cell &cell) {
  const uint8_t *text = base + begin;
  const size_t length = end - begin;
  switch (*text) {
  case 't':
    cell = {nullptr, 0, 0, WAYBILL_TRUE, 0, 0};
    return length == 4 && std::memcmp(text, "true", 4) == 0;
  case 'f':
    cell = {nullptr, 0, 0, WAYBILL_FALSE, 0, 0};
    return length == 5 && std::memcmp(text, "false", 5) == 0;
  case 'n':
    cell = {nullptr, 0, 0, WAYBILL_NULL, 0, 0};
    return length == 4 && std::memcmp(text, "null", 4) == 0;
  default: break;
  }
  const uint8_t *at = text, *stop = base + end;
  const bool negative = *at == '-';
  if (negative) { at++; }
  if (at == stop || !is_digit(*at)) { return false; }
  const uint8_t *digits = at;
  uint64_t value = 0;
  if (*at == '0') {
    at++;
  } else {
    while (at < stop && is_digit(*at)) { value = value * 10 + uint64_t(*at++ - '0'); }
  }
  const size_t count = size_t(at - digits);
  if (at == stop) {
    // 19 digits cannot wrap 64 unsigned bits; more are never a 64-bit integer.
    // `-0` is a number: only its digits carry the sign.
    const bool fits = !(negative && value == 0) && (count < 19 || (count == 19 && value <= uint64_t(INT64_MAX) + (negative ? 1 : 0)));
    const int64_t number = fits ? int64_t(negative ? 0 - value : value) : 0;
    cell = {text, number, uint32_t(length), uint8_t(fits ? WAYBILL_INTEGER : WAYBILL_NUMBER), 0, 0};
    return true;
  }
  if (*at == '.') {
    const uint8_t *fraction = ++at;
    while (at < stop && is_digit(*at)) { at++; }
    if (at == fraction) { return false; }
  }
  if (at < stop && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < stop && (*at == '+' || *at == '-')) { at++; }
    const uint8_t *exponent = at;
    while (at < stop && is_digit(*at)) { at++; }
    if (at == exponent) { return false; }
  }
  cell = {text, 0, uint32_t(length), WAYBILL_NUMBER, 0, 0};
  return at == stop;
}

inline int hex_digit(uint8_t byte) {
  if (is_digit(byte)) { return byte - '0'; }
  const uint8_t lower = byte | 32;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

inline bool hex4(const uint8_t *at, const uint8_t *stop, uint32_t &code) {
  if (stop - at < 4) { return false; }
  code = 0;
  for (int index = 0; index < 4; index++) {
    const int digit = hex_digit(at[index]);
    if (digit < 0) { return false; }
    code = code << 4 | uint32_t(digit);
  }
  return true;
}

inline uint8_t *put_utf8(uint8_t *out, uint32_t code) {
  if (code < 0x80) {
    *out++ = uint8_t(code);
  } else if (code < 0x800) {
    *out++ = uint8_t(0xC0 | code >> 6);
    *out++ = uint8_t(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    *out++ = uint8_t(0xE0 | code >> 12);
    *out++ = uint8_t(0x80 | (code >> 6 & 0x3F));
    *out++ = uint8_t(0x80 | (code & 0x3F));
  } else {
    *out++ = uint8_t(0xF0 | code >> 18);
    *out++ = uint8_t(0x80 | (code >> 12 & 0x3F));
    *out++ = uint8_t(0x80 | (code >> 6 & 0x3F));
    *out++ = uint8_t(0x80 | (code & 0x3F));
  }
  return out;
}

// Characters that no text contains on purpose: those of ASCII except tab and line breaks, DEL, C1, and the byte order mark.
inline bool is_control(uint32_t code) {
  return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || (code >= 0x7F && code < 0xA0) || code == 0xFEFF;
}

// What `decode` returns for a sound string in which an escape stands for a control character. (A member of the walker that `decode`
// sets would cost 50 instructions per record, even where nothing is decoded.)
constexpr int32_t has_control_escape = -1;

// Decodes the body of a string at [at, end), or only checks it where `out` is null. `at` ends where a fault lies.
inline int32_t decode(const uint8_t *base, size_t &at, size_t end, uint8_t *out, size_t *written) {
  const uint8_t *in = base + at, *stop = base + end;
  uint8_t *const start = out;
  int32_t sound = WAYBILL_OK;
  while (in < stop) {
    const void *found = std::memchr(in, '\\', size_t(stop - in));
    const uint8_t *run_end = found ? static_cast<const uint8_t *>(found) : stop;
    if (out) {
      std::memcpy(out, in, size_t(run_end - in));
      out += run_end - in;
    }
    in = run_end;
    if (in == stop) { break; }
    at = size_t(in - base);
    if (++in == stop) { return WAYBILL_INVALID_JSON; }
    uint8_t simple = 0;
    switch (*in++) {
    case '"': simple = '"'; break;
    case '\\': simple = '\\'; break;
    case '/': simple = '/'; break;
    case 'b': simple = '\b', sound = has_control_escape; break;
    case 'f': simple = '\f', sound = has_control_escape; break;
    case 'n': simple = '\n'; break;
    case 'r': simple = '\r'; break;
    case 't': simple = '\t'; break;
    case 'u': {
      uint32_t code;
      if (!hex4(in, stop, code)) { return WAYBILL_INVALID_JSON; }
      in += 4;
      if (code >= 0xD800 && code < 0xDC00) {
        uint32_t low;
        if (stop - in < 6 || in[0] != '\\' || in[1] != 'u' || !hex4(in + 2, stop, low) || low < 0xDC00 || low > 0xDFFF) {
          return WAYBILL_INVALID_UTF8;
        }
        in += 6;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      } else if (code >= 0xDC00 && code < 0xE000) {
        return WAYBILL_INVALID_UTF8;
      }
      if (is_control(code)) { sound = has_control_escape; }
      if (out) { out = put_utf8(out, code); }
      continue;
    }
    default: return WAYBILL_INVALID_JSON;
    }
    if (out) { *out++ = simple; }
  }
  if (written) { *written = size_t(out - start); }
  return sound;
}

// Bytes of the well-formed UTF-8 sequence at `at` (Unicode 15, table 3-7); 0 where it is none.
inline size_t utf8_sequence(const uint8_t *at, size_t left) {
  const uint8_t first = at[0];
  if (first < 0x80) { return 1; }
  const size_t length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
  if (length == 0 || length > left) { return 0; }
  for (size_t index = 1; index < length; index++) {
    if ((at[index] & 0xC0) != 0x80) { return 0; }
  }
  if ((first == 0xE0 && at[1] < 0xA0) || (first == 0xED && at[1] > 0x9F)) { return 0; }
  if ((first == 0xF0 && at[1] < 0x90) || (first == 0xF4 && at[1] > 0x8F)) { return 0; }
  return length;
}

inline int32_t locate_fault(const uint8_t *bytes, size_t length, size_t *offset) {
  bool in_string = false;
  size_t open = 0;
  for (size_t at = 0; at < length;) {
    const size_t sequence = utf8_sequence(bytes + at, length - at);
    *offset = at;
    if (sequence == 0) { return WAYBILL_INVALID_UTF8; }
    const uint8_t byte = bytes[at];
    if (in_string) {
      if (byte < 0x20) { return WAYBILL_INVALID_JSON; }
      if (byte == '\\') {
        at += 1;
        if (at < length && bytes[at] < 0x80) { at += bytes[at] < 0x20 ? 0 : 1; }
        continue;
      }
      if (byte == '"') { in_string = false; }
    } else if (byte == '"') {
      in_string = true;
      open = at;
    }
    at += sequence;
  }
  *offset = in_string ? open : 0;
  return in_string ? WAYBILL_INVALID_JSON : WAYBILL_OK;
}

// Whether a text is only white space, as defined by Unicode (property White_Space).
inline bool is_blank(const void *text, size_t length) {
  const auto *bytes = static_cast<const uint8_t *>(text);
  for (size_t at = 0; at < length;) {
    const uint8_t byte = bytes[at];
    if (byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)) {
      at += 1;
    } else if (byte == 0xC2 && at + 1 < length && (bytes[at + 1] == 0x85 || bytes[at + 1] == 0xA0)) {
      at += 2;
    } else if (at + 2 < length && byte >= 0xE1 && byte <= 0xE3) {
      const uint32_t code = uint32_t(byte & 15) << 12 | uint32_t(bytes[at + 1] & 63) << 6 | (bytes[at + 2] & 63);
      const bool is_space = code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
                            code == 0x202F || code == 0x205F || code == 0x3000;
      if (!is_space) { return false; }
      at += 3;
    } else {
      return false;
    }
  }
  return true;
}

} // namespace waybill
