// Finds the cells of plain lines with vector instructions; libcsv reads all other lines.
//
// A plain line ends in LF or CR LF and has no quote, no other CR, and no other control character besides tab. The only rule of
// RFC 4180 that applies to it is that delimiters separate cells. A property test compares the result with that of libcsv.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Where the text of a cell is, relative to the first byte of its row. The count is UINT32_MAX for a cell that is empty and not quoted.
typedef struct waybill_csv_cell {
  uint32_t start;
  uint32_t count;
} waybill_csv_cell;

// A line with a row.
typedef struct waybill_csv_line {
  // The first byte, relative to the beginning of the run.
  uint32_t start;
  // The number of cells in the run before this line, and in this line.
  uint32_t first_cell;
  uint32_t cell_count;
  // The number of lines in the run before this one.
  uint32_t number;
} waybill_csv_line;

// Which lines may be in a run.
typedef struct waybill_csv_rule {
  uint8_t delimiter;
  // The number of cells; 0: any.
  uint32_t columns;
  // A row whose cells have this many bytes in total may be the header again, and ends the run; UINT32_MAX: none.
  uint32_t header_size;
  // The maximum number of bytes in a row, with one more for each cell.
  uint64_t row_limit;
} waybill_csv_rule;

// Whole plain lines, one after another.
typedef struct waybill_csv_run {
  size_t byte_count;
  size_t cell_count;
  // Including blank lines, which are not rows.
  size_t line_count;
  size_t row_count;
  // No byte beyond ASCII.
  bool is_ascii;
} waybill_csv_run;

typedef uint8_t waybill_csv_block __attribute__((vector_size(16)));

// One bit for each byte, set if its lane is set.
static inline uint64_t waybill_csv_mask(waybill_csv_block lanes) {
#if defined(__SSE2__)
  typedef char signed_lanes __attribute__((vector_size(16)));
  return (uint16_t)__builtin_ia32_pmovmskb128((signed_lanes)lanes);
#else
  uint64_t mask = 0;
  for (int index = 0; index < 16; index++) mask |= (uint64_t)(lanes[index] >> 7) << index;
  return mask;
#endif
}

// Whether a byte that is rare in text is an ordinary part of it; `next` is the offset of the byte after it. It is not if that cannot be
// known yet.
static inline bool waybill_csv_is_text(uint8_t byte, const uint8_t *bytes, size_t next, size_t count) {
  switch (byte) {
  case '\t': return true;
  case '\r': return next < count && bytes[next] == '\n';
  // U+0080 to U+009F are control characters.
  case 0xC2: return next < count && bytes[next] >= 0xA0;
  // A byte order mark.
  case 0xEF: return next + 1 < count && !(bytes[next] == 0xBB && bytes[next + 1] == 0xBF);
  default: return false;
  }
}

// Reads the longest run of whole plain lines at the beginning of `count` bytes, which are fewer than 4 GiB. `cells` has room for `count`
// cells, `lines` for `count` lines. The run ends at a line that is not plain, does not follow the rule, has no line break in these bytes, or
// begins with a space: such a row may consist of spaces only.
static inline waybill_csv_run waybill_csv_plain_lines(const uint8_t *bytes, size_t count, waybill_csv_rule rule, waybill_csv_cell *cells,
                                                      waybill_csv_line *lines) {
  waybill_csv_run run = {0, 0, 0, 0, true};
  uint32_t line_start = 0, cell_start = 0;
  size_t cell = 0; // with those of the unfinished line
  uint64_t high = 0;
  for (size_t at = 0; at < count; at += 64) {
    uint8_t rest[64];
    const uint8_t *block = bytes + at;
    const size_t size = count - at < 64 ? count - at : 64;
    if (size < 64) {
      memset(rest, ' ', 64);
      memcpy(rest, block, size);
      block = rest;
    }
    uint64_t breaks = 0, delimiters = 0, rare = 0;
    for (int part = 0; part < 4; part++) {
      waybill_csv_block lanes;
      memcpy(&lanes, block + part * 16, 16);
      breaks |= waybill_csv_mask((waybill_csv_block)(lanes == '\n')) << part * 16;
      delimiters |= waybill_csv_mask((waybill_csv_block)(lanes == rule.delimiter)) << part * 16;
      rare |= waybill_csv_mask((waybill_csv_block)((lanes < 0x20) | (lanes == '"') | (lanes == 0x7F) | (lanes == 0xC2) | (lanes == 0xEF)))
              << part * 16;
      high |= waybill_csv_mask(lanes);
    }
    uint64_t odd = 0;
    for (uint64_t left = rare & ~(breaks | delimiters); left != 0; left &= left - 1) {
      const int bit = __builtin_ctzll(left);
      if (waybill_csv_is_text(block[bit], bytes, at + (size_t)bit + 1, count)) continue;
      odd = left & -left;
      break;
    }
    // The part before the first byte that is not plain.
    const uint64_t usable = odd - 1;
    for (uint64_t left = (breaks | delimiters) & usable; left != 0; left &= left - 1) {
      const int bit = __builtin_ctzll(left);
      const uint32_t end = (uint32_t)at + (uint32_t)bit;
      const bool ends_line = breaks >> bit & 1;
      const uint32_t length = end - cell_start - (ends_line && end > cell_start && bytes[end - 1] == '\r');
      cells[cell].start = cell_start - line_start;
      cells[cell].count = length == 0 ? UINT32_MAX : length;
      cell++;
      if (ends_line) {
        const uint32_t columns = (uint32_t)(cell - run.cell_count);
        const uint64_t row_size = cell_start - line_start + length + 1;
        if (columns == 1 && length == 0) {
          cell--; // a blank line
        } else {
          const uint64_t text_size = row_size - columns;
          const bool fits = rule.columns == 0 || (columns == rule.columns && text_size != rule.header_size && text_size > 0);
          if (!fits || row_size > rule.row_limit) goto end;
          size_t first = line_start;
          while (bytes[first] == rule.delimiter) first++;
          if (bytes[first] == ' ' || bytes[first] == '\t') goto end;
          lines[run.row_count].start = line_start;
          lines[run.row_count].first_cell = (uint32_t)run.cell_count;
          lines[run.row_count].cell_count = columns;
          lines[run.row_count].number = (uint32_t)run.line_count;
          run.row_count++;
          run.cell_count = cell;
        }
        run.line_count++;
        line_start = end + 1;
        run.byte_count = line_start;
      }
      cell_start = end + 1;
    }
    if (odd != 0) break;
  }
end:
  run.is_ascii = high == 0;
  return run;
}
