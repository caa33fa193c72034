// Made by scripts/generate-phone-tables from phonenumbers 9.0.43 (Unicode 14.0.0). Do not edit.
#pragma once
#include <stdint.h>

#pragma clang assume_nonnull begin

struct waybill_phone_plan {
  uint32_t lengths;          // bit n: n digits are possible
  uint32_t local_lengths;    // bit n: n digits are possible within an area only
  uint16_t calling_code;
  uint16_t general;          // start in `match` of the general description
  uint16_t idd;              // start in `prefix` of the international prefix; 0: none
  uint16_t national_prefix;  // start in `prefix`; 0: none
  uint16_t inserted;         // digits before the group in the transform rule, four bits each
  uint8_t inserted_count;
};

enum { WAYBILL_PHONE_ACCEPTING = 36, WAYBILL_PHONE_CLASSES = 41 };

// One per region or non-geographical entity.
extern const struct waybill_phone_plan waybill_phone_plans_table[];
static inline const struct waybill_phone_plan *waybill_phone_plans(void) { return waybill_phone_plans_table; }

// Plan of region (first letter - 'A') * 26 + second letter - 'A'; 0xFFFF: none.
extern const uint16_t waybill_phone_region_table[];
static inline const uint16_t *waybill_phone_region(void) { return waybill_phone_region_table; }

// Per calling code 0 to 999: main plan (0xFFFF: none), start of its valid numbers in `match`.
extern const uint16_t waybill_phone_code_table[];
static inline const uint16_t *waybill_phone_code(void) { return waybill_phone_code_table; }

// Ten following nodes per node. 0 is dead; 1 to WAYBILL_PHONE_ACCEPTING accept.
extern const uint16_t waybill_phone_match_table[];
static inline const uint16_t *waybill_phone_match(void) { return waybill_phone_match_table; }

// Ten following nodes per node, of prefix matches. 0 is where nothing can follow.
extern const uint16_t waybill_phone_prefix_table[];
static inline const uint16_t *waybill_phone_prefix(void) { return waybill_phone_prefix_table; }

// Per node of `prefix`: outcome here, outcome if the digits end here.
// 0 no match, 1 match, 2 + n match whose group spans entry n of `span`.
extern const uint8_t waybill_phone_outcome_table[];
static inline const uint8_t *waybill_phone_outcome(void) { return waybill_phone_outcome_table; }

// First digit of a group, digit after it; counted from the start of the digits.
extern const uint8_t waybill_phone_span_table[];
static inline const uint8_t *waybill_phone_span(void) { return waybill_phone_span_table; }

// Page (256 kinds in `kind_row`) of code point / 256.
extern const uint8_t waybill_phone_kind_page_table[];
static inline const uint8_t *waybill_phone_kind_page(void) { return waybill_phone_kind_page_table; }

// Kind of a character: ASCII itself, others from 128.
extern const uint8_t waybill_phone_kind_row_table[];
static inline const uint8_t *waybill_phone_kind_row(void) { return waybill_phone_kind_row_table; }

// Per kind: class, digit value or 255, keypad digit of letter or ASCII digit or 255, flags
// (1 may start a number, 2 is cut off at the end, 4 ASCII letter).
extern const uint8_t waybill_phone_kind_table[];
static inline const uint8_t *waybill_phone_kind(void) { return waybill_phone_kind_table; }

// Automaton of a viable number, with its extension: WAYBILL_PHONE_CLASSES following states per state;
// state 0 is dead, 1 the start.
extern const uint8_t waybill_phone_viable_table[];
static inline const uint8_t *waybill_phone_viable(void) { return waybill_phone_viable_table; }

// Whether the text may end, per state.
extern const uint8_t waybill_phone_viable_accepts_table[];
static inline const uint8_t *waybill_phone_viable_accepts(void) { return waybill_phone_viable_accepts_table; }

// Automaton of an extension, read from its end: WAYBILL_PHONE_CLASSES following states per state;
// state 0 is dead, 1 the start.
extern const uint8_t waybill_phone_extension_backwards_table[];
static inline const uint8_t *waybill_phone_extension_backwards(void) { return waybill_phone_extension_backwards_table; }

// Whether the text may end, per state.
extern const uint8_t waybill_phone_extension_backwards_accepts_table[];
static inline const uint8_t *waybill_phone_extension_backwards_accepts(void) { return waybill_phone_extension_backwards_accepts_table; }

// Automaton of a valid phone-context: WAYBILL_PHONE_CLASSES following states per state;
// state 0 is dead, 1 the start.
extern const uint8_t waybill_phone_phone_context_table[];
static inline const uint8_t *waybill_phone_phone_context(void) { return waybill_phone_phone_context_table; }

// Whether the text may end, per state.
extern const uint8_t waybill_phone_phone_context_accepts_table[];
static inline const uint8_t *waybill_phone_phone_context_accepts(void) { return waybill_phone_phone_context_accepts_table; }

#pragma clang assume_nonnull end
