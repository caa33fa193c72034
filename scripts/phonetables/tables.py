"""The metadata of libphonenumber as tables, and their C text."""

import re
import sys
import unicodedata

from phonenumbers import phonenumberutil as util
from phonenumbers.phonemetadata import PhoneMetadata

from .automata import MatchGraph, PrefixGraph, Program, TextAutomaton, leaf_pattern

TYPES = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
         "fixed_line", "mobile")
NO_PLAN = 0xFFFF
START, TRAILING, LETTER = 1, 2, 4


class NumberTables:
    """What is over digits: numbering plans, calling codes, and the graphs that they point into."""

    def __init__(self):
        regions = sorted(util.SUPPORTED_REGIONS)
        entities = sorted(util.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
        self.match, self.prefix = MatchGraph(), PrefixGraph()
        metadata = [PhoneMetadata.metadata_for_region(region) for region in regions]
        metadata += [PhoneMetadata.metadata_for_nongeo_region(code) for code in entities]
        self.plan_of_region = {region: i for i, region in enumerate(regions)}
        self.plan_of_entity = {code: len(regions) + i for i, code in enumerate(entities)}
        self.plans = [self.plan(m) for m in metadata]
        valid = [self.valid_numbers(m) for m in metadata]
        self.codes = {}
        for code, members in sorted(util.COUNTRY_CODE_TO_REGION_CODE.items()):
            if members == (util.REGION_CODE_FOR_NON_GEO_ENTITY,):
                plan = self.plan_of_entity[code]
                self.codes[code] = (plan, valid[plan])
            else:
                plans = [self.plan_of_region[region] for region in members]
                self.codes[code] = (plans[0], self.valid_for_code([metadata[p] for p in plans], [valid[p] for p in plans]))
        starts = [plan["general"] for plan in self.plans] + [node for _, node in self.codes.values()]
        self.match_rows, self.accepting, numbering = self.match.renumbered(starts)
        for plan in self.plans:
            plan["general"] = numbering[plan["general"]]
        self.codes = {code: (plan, numbering[node]) for code, (plan, node) in self.codes.items()}
        assert max(len(self.match_rows), len(self.prefix.nodes)) < 65536 and len(self.prefix.spans) < 254

    def plan(self, metadata):
        general = metadata.general_desc
        lengths, local = general.possible_length, general.possible_length_local_only
        assert lengths and all(0 < length < 32 for length in lengths + local)
        plan = {
            "name": f"{metadata.id} {metadata.country_code}",
            "code": metadata.country_code,
            "lengths": sum(1 << length for length in lengths),
            "local": sum(1 << length for length in local),
            "general": self.pattern(general),
            "idd": self.prefix.build(metadata.international_prefix) if metadata.international_prefix else 0,
            "national": 0, "inserted": "",
        }
        pattern, rule = metadata.national_prefix_for_parsing, metadata.national_prefix_transform_rule
        if pattern and rule:
            inserted, group = re.fullmatch(r"(\d{0,4})\\(\d)", rule).groups()
            plan["national"] = self.prefix.build(pattern, re.compile(pattern).groups, int(group))
            plan["inserted"] = inserted
        elif pattern:
            plan["national"] = self.prefix.build(pattern)
        return plan

    def pattern(self, description):
        if description is None or not description.national_number_pattern:
            return 0
        return self.match.build(description.national_number_pattern)

    def valid_numbers(self, metadata):
        """National numbers of any known type: `_number_type_helper(...) != UNKNOWN`."""
        any_type = 0
        for name in TYPES:
            if name == "mobile" and metadata.same_mobile_and_fixed_line_pattern:
                continue
            description = getattr(metadata, name)
            if description is not None:
                limited = self.match.limited(self.pattern(description), description.possible_length)
                any_type = self.match.union(any_type, limited)
        general = self.match.limited(self.pattern(metadata.general_desc), metadata.general_desc.possible_length)
        return self.match.intersection(general, any_type)

    def valid_for_code(self, metadata, valid):
        """Of regions that share a code, the first whose leading digits (or, without these, whose types) match decides."""
        if len(metadata) == 1:
            return valid[0]
        result, earlier = 0, []
        for member, node in zip(metadata, valid):
            for pattern in earlier:
                node = self.match.beginning(node, pattern, wanted=False)
            if member.leading_digits is not None:
                node = self.match.beginning(node, member.leading_digits, wanted=True)
                earlier.append(member.leading_digits)
            result = self.match.union(result, node)
        return result


class TextTables:
    """What is over characters: a kind per character (ASCII: itself), classes of kinds, and three automata."""

    def __init__(self):
        flags = util._REGEX_FLAGS
        extension = util._EXTN_PATTERNS_FOR_PARSING
        domain = util._RFC3966_DOMAINNAME
        number = util._RFC3966_GLOBAL_NUMBER_DIGITS
        assert all(p.startswith("^") and p.endswith("$") and p.count("$") == 1 for p in (domain, number))
        viable = Program(f"{util._VALID_PHONE_NUMBER}(?:{extension})?", flags)
        backwards = Program(extension, flags, backwards=True)
        context = Program(f"(?:{number[1:-1]})|(?:{domain[1:-1]})")
        leaves = {}
        for program in (viable, backwards, context):
            leaves.update(program.leaves)
        characters = "".join(chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000)
        signature = {}
        for key in sorted(leaves):
            for found in leaf_pattern(*leaves[key]).finditer(characters):
                signature.setdefault(found.group(), set()).add(key)
        words = set(re.findall(r"\w", characters))
        self.kinds, classes, self.properties, kind_of = [], {}, [], {}
        for character in characters:
            accepted = frozenset(signature.get(character, ()))
            flag = START if util._VALID_START_CHAR_PATTERN.match(character) else 0
            if character == "_" or (character != "#" and character not in words):
                flag |= TRAILING
            if re.match("[A-Za-z]", character):
                flag |= LETTER
            letter = util._ALPHA_PHONE_MAPPINGS.get(character.upper())
            properties = (classes.setdefault(accepted, len(classes)), unicodedata.digit(character, 0xFF),
                          0xFF if letter is None else int(letter), flag)
            if ord(character) < 128:
                kind = ord(character)
                self.properties.append(properties)
            else:
                kind = kind_of.setdefault(properties, 128 + len(kind_of))
                if kind == len(self.properties):
                    self.properties.append(properties)
            if ord(character) == 0xE000:
                self.kinds += [kind] * 0x800  # surrogates, which UTF-8 does not have
            self.kinds.append(kind)
        assert len(self.kinds) == 0x110000 and len(self.properties) <= 256
        ordered = list(classes)
        self.automata = {name: TextAutomaton(program, ordered) for name, program in
                         (("viable", viable), ("extension_backwards", backwards), ("phone_context", context))}
        self.classes = len(ordered)
        pages = {}
        self.pages = [pages.setdefault(tuple(self.kinds[i:i + 256]), len(pages)) for i in range(0, 0x110000, 256)]
        self.rows = [kind for page in pages for kind in page]
        assert len(pages) <= 256


def array(kind, name, values):
    lines, line = [], " "
    for value in values:
        text = f" {value},"
        if len(line) + len(text) > 128:
            lines.append(line)
            line = " "
        line += text
    return f"const {kind} {name}[{len(values)}] = {{\n" + "\n".join(lines + [line]) + "\n};\n"


def c_files(note):
    """File name to text."""
    numbers, text = NumberTables(), TextTables()
    head = f"// {note}\n#include \"CPhoneTables.h\"\n\n"
    match = [node for row in numbers.match_rows for node in row]
    prefix = [node for _, _, row in numbers.prefix.nodes for node in row]
    outcomes = [label for mid, end, _ in numbers.prefix.nodes for label in (mid, end)]
    regions = [NO_PLAN] * 676
    for region, plan in numbers.plan_of_region.items():
        regions[(ord(region[0]) - 65) * 26 + ord(region[1]) - 65] = plan
    codes = [numbers.codes.get(code, (NO_PLAN, 0)) for code in range(1000)]
    plans = "".join(
        f"  {{0x{p['lengths']:05x}, 0x{p['local']:05x}, {p['code']}, {p['general']}, {p['idd']}, {p['national']}, "
        f"0x{p['inserted'] or '0'}, {len(p['inserted'])}}},  // {p['name']}\n" for p in numbers.plans)
    files = {}
    files["match.c"] = head + array("uint16_t", "waybill_phone_match_table", match)
    files["plans.c"] = (
        head + f"const struct waybill_phone_plan waybill_phone_plans_table[{len(numbers.plans)}] = {{\n{plans}}};\n"
        + array("uint16_t", "waybill_phone_region_table", regions)
        + array("uint16_t", "waybill_phone_code_table", [n for entry in codes for n in entry])
        + array("uint16_t", "waybill_phone_prefix_table", prefix)
        + array("uint8_t", "waybill_phone_outcome_table", outcomes)
        + array("uint8_t", "waybill_phone_span_table", [n for span in numbers.prefix.spans or [(0, 0)] for n in span]))
    body = array("uint8_t", "waybill_phone_kind_page_table", text.pages)
    body += array("uint8_t", "waybill_phone_kind_row_table", text.rows)
    body += array("uint8_t", "waybill_phone_kind_table", [n for p in text.properties for n in p])
    for name, automaton in text.automata.items():
        body += array("uint8_t" if len(automaton.rows) < 256 else "uint16_t", f"waybill_phone_{name}_table",
                      [n for row in automaton.rows for n in row])
        body += array("uint8_t", f"waybill_phone_{name}_accepts_table", [int(a) for a in automaton.accepting])
    files["text.c"] = head + body
    wide = {name: "uint8_t" if len(a.rows) < 256 else "uint16_t" for name, a in text.automata.items()}
    files["include/CPhoneTables.h"] = header(note, numbers.accepting, text.classes, wide)
    summary = {"match nodes": len(numbers.match_rows), "prefix nodes": len(numbers.prefix.nodes),
               "spans": len(numbers.prefix.spans), "kinds": len(text.properties), "classes": text.classes,
               **{name: len(a.rows) for name, a in text.automata.items()}}
    print(summary, file=sys.stderr)
    return files


def header(note, accepting, classes, wide):
    tables = [("struct waybill_phone_plan", "plans", "One per region or non-geographical entity."),
              ("uint16_t", "region", "Plan of region (first letter - 'A') * 26 + second letter - 'A'; 0xFFFF: none."),
              ("uint16_t", "code", "Per calling code 0 to 999: main plan (0xFFFF: none), start of its valid numbers in `match`."),
              ("uint16_t", "match", "Ten following nodes per node. 0 is dead; 1 to WAYBILL_PHONE_ACCEPTING accept."),
              ("uint16_t", "prefix", "Ten following nodes per node, of prefix matches. 0 is where nothing can follow."),
              ("uint8_t", "outcome", "Per node of `prefix`: outcome here, outcome if the digits end here.\n"
               "// 0 no match, 1 match, 2 + n match whose group spans entry n of `span`."),
              ("uint8_t", "span", "First digit of a group, digit after it; counted from the start of the digits."),
              ("uint8_t", "kind_page", "Page (256 kinds in `kind_row`) of code point / 256."),
              ("uint8_t", "kind_row", "Kind of a character: ASCII itself, others from 128."),
              ("uint8_t", "kind", "Per kind: class, digit value or 255, keypad digit of letter or ASCII digit or 255, flags\n"
               "// (1 may start a number, 2 is cut off at the end, 4 ASCII letter).")]
    for name, meaning in (("viable", "a viable number, with its extension"),
                          ("extension_backwards", "an extension, read from its end"),
                          ("phone_context", "a valid phone-context")):
        tables.append((wide[name], name, f"Automaton of {meaning}: WAYBILL_PHONE_CLASSES following states per state;\n"
                       "// state 0 is dead, 1 the start."))
        tables.append(("uint8_t", f"{name}_accepts", "Whether the text may end, per state."))
    text = f"// {note}\n#pragma once\n#include <stdint.h>\n\n#pragma clang assume_nonnull begin\n\n"
    text += ("struct waybill_phone_plan {\n"
             "  uint32_t lengths;          // bit n: n digits are possible\n"
             "  uint32_t local_lengths;    // bit n: n digits are possible within an area only\n"
             "  uint16_t calling_code;\n"
             "  uint16_t general;          // start in `match` of the general description\n"
             "  uint16_t idd;              // start in `prefix` of the international prefix; 0: none\n"
             "  uint16_t national_prefix;  // start in `prefix`; 0: none\n"
             "  uint16_t inserted;         // digits before the group in the transform rule, four bits each\n"
             "  uint8_t inserted_count;\n"
             "};\n\n"
             f"enum {{ WAYBILL_PHONE_ACCEPTING = {accepting}, WAYBILL_PHONE_CLASSES = {classes} }};\n")
    for kind, name, meaning in tables:
        text += (f"\n// {meaning}\nextern const {kind} waybill_phone_{name}_table[];\n"
                 f"static inline const {kind} *waybill_phone_{name}(void) {{ return waybill_phone_{name}_table; }}\n")
    text += "\n#pragma clang assume_nonnull end\n"
    return text
