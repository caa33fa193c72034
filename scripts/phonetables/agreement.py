"""Fixtures for the agreement tests: example numbers with expected answers, and digests of the answers to generated inputs.

The generator exists twice, here and in Tests/ValuesTests/PhoneInputGenerator.swift; both read `examples.tsv` and
`pieces.txt`, and must make the same inputs.
"""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult
from phonenumbers import phonenumberutil as util
from phonenumbers.phonemetadata import PhoneMetadata

from .tables import TYPES

BLOCKS, BLOCK_SIZE = 100, 1000
NO_REGION = "001"
KEYPAD = {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ"}

PIECES = {
    "idd": ["00", "011", "0011", "010", "001", "810", "119", "0", "00 ", "8~10 ", "1400", "0014", "0015", "009", "00700",
            "990", "0052", "0030", "0018", "002", "99", "00 1 ", "000", "01", "011-", "0119", "16"],
    "trunk": ["0", "1", "8", "06", "0 ", "(0)", "01", "02", "9", "90", "044", "0 15", "015", "021", "180020", "003768",
              "0037680", "80", "1001", "1900", "19", "1831", "010", "1 ", "14", "0110", "1500", "1711", "082", "17911"],
    "middle": ["15", "9", "0", "44", "1", "15 "],
    "label": [" ext. ", "x", " x", "ext", ";ext=", " extn:", "#", " # ", ",", ",,", ";", "~", " int ", " anexo ",
              " \u0434\u043e\u0431. ", "\uff58", " extensi\u00f3n ", "extensio\u0301n", "-", "EXT", "\uff38", "xtn", " - ",
              "\uff45\uff58\uff54\uff4e", ",,,", "x.", "\t;", "\u00a0ext\uff0e", ", ,", "e\u017ft", "ex\u1c81",
              "\u1c81\u1c82\u0431", "\uff49\uff4e\uff54", "\u0130nt", "X:", " exten\u017fion "],
    "junk": list("abcxXnNtTeEzZ+-()[]./\\~_#*;,:='\"@&%!? \t\n") + [
        "\u00a0", "\u00ad", "\u200b", "\u2060", "\u3000", "\u2010", "\u2015", "\u2012", "\u2212", "\u30fc", "\uff0d",
        "\uff0f", "\uff0e", "\uff08", "\uff09", "\uff3b", "\uff3d", "\u2053", "\u223c", "\uff5e", "\uff0b", "\uff03",
        "\u00e9", "\u0434", "\u017f", "\u212a", "\u0130", "\u0131", "\u00b2", "\u2460", "\u2167", "\u00bd", "\u4e00",
        "\u4e94", "\U0001f600", "\U0001d7d8", "\u0663", "\uff15", "\u0301", "\u0663", "\u096b", "\u202a", "\ufeff", "\u0000",
        "\u1c81", "\uff58", "\uff38", "\u00f3", "\u00d3", "\u0d66", "\U00011066", "\u2082", "\u00aa", "\U000e0031"],
    "before": ["Tel: ", "tel:", "Phone ", "+", "\uff0b", "++", "+ ", "(+", "(", "abc ", " ", "\u200e", "tel:+", "#", "*31#",
               "00 ", "n\u00ba ", "\t", "Fax \uff1a", "*", "-", ".", "x", "5/", "+\uff0b", "\u260e ", "tel: +"],
    "after": [" ", ".", " home", "/x123", "\\x9", " / x5", "\n", "#", "_", " or 5551234", ")", "\u00e9", ";isub=12",
              ";isub=", ";foo=bar", "ext", "x", "\u3002", " (work)", "/ x", "/X5", "*", ";ext=5;isub=1", "\u00b2", "\r\n",
              ";isub=1;ext=3", "\\   x", " \u4e00", ";tel:5", " x12x"],
    "context": ["+1", "+44", "example.com", "", "+", "+1-2", "a..b", "+39;isub=3", "-x", "1.a", "+64 3", "www.\u00e9.com",
                "+\uff11", "+(44)", "a", "a.", "a-b.c-d", "1", "+-", "a-", "+1;ext=4", "+81.3", ";", "\u0663.a1", "a.1",
                "+999", "+0", "+7\n", "a.b\n", "x1-.y", "+1;phone-context=+2", "\u212a.com"],
    "zero": ["\uff10", "\u0660", "\u06f0", "\u0966", "\u09e6", "\u0e50", "\U0001d7ce", "\u0be6", "\U0001e950", "\u07c0"],
    "odd": ["ZZ", "AQ", "XX", NO_REGION],
    "gap": [" ", "-", ".", "/", "(", ")", " - ", "  ", "\u00a0", "x", "*"],
}


class SplitMix64:
    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = seed & self.MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def below(self, bound):
        return (self.next() >> 33) % bound


class Generator:
    def __init__(self, rows):
        self.rows = rows

    def piece(self, random, name):
        return PIECES[name][random.below(len(PIECES[name]))]

    def digits(self, random, count):
        return "".join(chr(48 + random.below(10)) for _ in range(count))

    def base(self, random, row):
        code, nsn, national, international = row[2:6]
        form = random.below(16)
        if form <= 1:
            return nsn
        if form == 2:
            return national
        if form == 3:
            return international
        if form == 4:
            return "+" + code + nsn
        if form == 5:
            return code + nsn
        if form == 6:
            rest = nsn[:random.below(3)] if random.below(8) == 0 else nsn
            return self.piece(random, "idd") + code + rest
        if form == 7:
            return self.piece(random, "trunk") + nsn
        if form == 8:
            plus = "+" if random.below(3) == 0 else ""
            return plus + self.digits(random, 1 + random.below(15))
        if form == 9:
            trunk = self.piece(random, "trunk") if random.below(2) == 0 else ""
            return trunk + nsn[1 + random.below(4):]
        if form == 10:
            trunk = self.piece(random, "trunk")
            place = min(random.below(5), len(nsn))
            return trunk + nsn[:place] + self.piece(random, "middle") + nsn[place:]
        if form == 11:
            return "+" + code + self.piece(random, "trunk") + nsn
        if form == 12:
            context = "+" + code if random.below(3) == 0 else self.piece(random, "context")
            tel = "tel:" if random.below(2) == 0 else ""
            return tel + nsn + ";phone-context=" + context
        if form == 13:
            return self.lettered(random, national)
        if form == 14:
            kept = 1 + random.below(5)
            return nsn[:kept] + self.digits(random, random.below(13))
        return "+" + self.piece(random, "idd") + code + nsn

    def lettered(self, random, text):
        result = ""
        for character in text:
            if character in KEYPAD and random.below(3) == 0:
                letters = KEYPAD[character]
                letter = letters[random.below(len(letters))]
                character = letter.lower() if random.below(2) == 0 else letter
            result += character
        return result

    def mutated(self, random, text):
        kind = random.below(12)
        if kind == 0 or kind == 9:
            place = random.below(len(text) + 1)
            return text[:place] + self.piece(random, "junk" if kind == 0 else "gap") + text[place:]
        if kind == 1 or kind == 2:
            if not text:
                return text
            place = random.below(len(text))
            return text[:place] + (self.piece(random, "junk") if kind == 2 else "") + text[place + 1:]
        if kind == 3:
            return text + self.digits(random, 1 + random.below(3))
        if kind == 4:
            label = self.piece(random, "label")
            count = 1 + random.below(6 if random.below(2) == 0 else 22)
            return text + label + self.digits(random, count) + ("#" if random.below(4) == 0 else "")
        if kind == 5:
            return self.piece(random, "before") + text
        if kind == 6:
            return text + self.piece(random, "after")
        if kind == 7 or kind == 8:
            zero = ord(self.piece(random, "zero"))
            result = ""
            for character in text:
                if "0" <= character <= "9" and (kind == 7 or random.below(2) == 0):
                    character = chr(zero + ord(character) - 48)
                result += character
            return result
        if kind == 10:
            return text * (1 + random.below(24)) if random.below(4) == 0 else text
        return self.lettered(random, text)

    def input(self, index):
        """(region or 001, text) of one generated input."""
        random = SplitMix64(index)
        row = self.rows[random.below(len(self.rows))]
        text = self.base(random, row)
        for _ in range((0, 0, 0, 1, 1, 2, 3)[random.below(7)]):
            text = self.mutated(random, text)
        choice = random.below(20)
        if choice < 13:
            region = row[0]
        elif choice < 18:
            region = self.rows[random.below(len(self.rows))][0]
        else:
            region = self.piece(random, "odd")
        return region, text


PARSE_REASONS = {
    phonenumbers.NumberParseException.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
    phonenumbers.NumberParseException.NOT_A_NUMBER: "NOT_A_NUMBER",
    phonenumbers.NumberParseException.TOO_SHORT_AFTER_IDD: "TOO_SHORT_AFTER_IDD",
    phonenumbers.NumberParseException.TOO_SHORT_NSN: "TOO_SHORT_NSN",
    phonenumbers.NumberParseException.TOO_LONG: "TOO_LONG",
}


def answers(region, text):
    """E.164 or the reason of the refusal: without, and with the check of validity."""
    try:
        number = phonenumbers.parse(text, None if region == NO_REGION else region)
    except phonenumbers.NumberParseException as error:
        return (PARSE_REASONS[error.error_type],) * 2
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        return (ValidationResult.to_string(reason),) * 2
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return written, written if phonenumbers.is_valid_number(number) else "NOT_VALID"


def example_rows():
    """region, type, code, national number, national format, international format, then the two answers to each of these."""
    rows = []
    members = [(region, PhoneMetadata.metadata_for_region(region)) for region in sorted(util.SUPPORTED_REGIONS)]
    members += [(NO_REGION, PhoneMetadata.metadata_for_nongeo_region(code))
                for code in sorted(util.COUNTRY_CODES_FOR_NON_GEO_REGIONS)]
    for region, metadata in members:
        for name in ("general_desc",) + TYPES:
            description = getattr(metadata, name)
            if description is None or description.example_number is None:
                continue
            nsn, code = description.example_number, str(metadata.country_code)
            number = phonenumbers.parse("+" + code + nsn)
            forms = [nsn, phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
                     phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)]
            row = [region, name, code] + forms
            for form in forms if region != NO_REGION else ["+" + code + nsn, "+" + code + forms[1], forms[2]]:
                row += answers(region, form)
            rows.append(row)
    return rows


def fnv1a(data, state=0xCBF29CE484222325):
    for byte in data:
        state = ((state ^ byte) * 0x100000001B3) & SplitMix64.MASK
    return state


def block_lines(generator, block):
    for index in range(block * BLOCK_SIZE, (block + 1) * BLOCK_SIZE):
        region, text = generator.input(index)
        yield region, text, answers(region, text)


def digest_line(generator, block):
    inputs = expected = 0xCBF29CE484222325
    for region, text, answer in block_lines(generator, block):
        inputs = fnv1a(f"{region}\t{text}\n".encode(), inputs)
        expected = fnv1a("\t".join(answer).encode() + b"\n", expected)
    return f"{block} {inputs:016x} {expected:016x}\n"


def fixture_files(note):
    rows = example_rows()
    generator = Generator(rows)
    header = "# region\ttype\tcode\tnational\tformatted\tinternational\tanswers to these three: possible, valid\n"
    pieces = "".join(f"{name} {' '.join(f'{ord(c):04X}' for c in piece)}".rstrip() + "\n"
                     for name, choices in PIECES.items() for piece in choices)
    return {
        "examples.tsv": f"# {note}\n{header}" + "".join("\t".join(row) + "\n" for row in rows),
        "pieces.txt": f"# {note}\n" + pieces,
        "digests.txt": f"# {note}\n# block, digest of its inputs, digest of the answers (FNV-1a)\n"
                       + "".join(digest_line(generator, block) for block in range(BLOCKS)),
    }
