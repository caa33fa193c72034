import Core

/// The forms of postal codes by country, as the Universal Postal Union's member sheets describe them.
///
/// A row: the country, letters that people write before a code and that are dropped (`+`: the letters that a form begins
/// with may be left out, and are put in), and the forms in the order in which they are tried. In a form capital letters, digits, spaces and hyphens stand for themselves, small letters for one sign:
///
/// | letter | sign | | letter | sign |
/// |---|---|---|---|---|
/// | `n` | a digit | | `p` `q` `r` `s` `i` | letters of British codes: first, second, third, fourth, after the space |
/// | `z` | 1 to 9 | | `c` `d` | letters of Canadian codes: the first, the others |
/// | `a` | a letter | | `e` | letters and digits of an Eircode |
/// | `x` | a letter or digit | | | |
///
/// A country that is not here has no postal codes, or codes whose form is not known here.
enum PostalCodeTable {
  static let rows: StaticString = """
    AD|+|ADnnn
    AF||nnnn
    AI|+|AI-nnnn
    AL|AL|nnnn
    AM|AM|nnnn
    AR||annnnaaa|nnnn
    AS||nnnnn|nnnnn-nnnn
    AT|AT,A|znnn
    AU|AU|nnnn
    AX|AX|22nnn
    AZ|+|AZ nnnn
    BA|BA,BIH|nnnnn
    BB|+|BBnnnnn
    BD|BD|nnnn
    BE|BE,B|znnn
    BG|BG|nnnn
    BH|BH|nnn|nnnn
    BL|FR,F|97133
    BM||aa nn|aa aa
    BN||aannnn
    BR|BR|nnnnn-nnn
    BT||nnnnn
    BY|BY|nnnnnn
    CA|CA|cnd ndn
    CC||6799
    CH|CH|znnn
    CL|CL|nnnnnnn
    CN|CN|nnnnnn
    CO|CO|nnnnnn
    CR|CR|nnnnn
    CU|CU,CP|nnnnn
    CV|CV|nnnn
    CX||6798
    CY|CY|nnnn
    CZ|CZ|znn nn
    DE|DE,D|nnnnn
    DK|DK|nnnn
    DO||nnnnn
    DZ|DZ|nnnnn
    EC|EC|nnnnnn
    EE|EE|nnnnn
    EG|EG|nnnnn
    ES|ES,E|nnnnn
    ET||nnnn
    FI|FI,FIN|nnnnn
    FK||FIQQ 1ZZ
    FM||9694n|9694n-nnnn
    FO|FO|nnn
    FR|FR,F|nnnnn
    GB|GB|pn nii|pnn nii|pqn nii|pqnn nii|pnr nii|pqns nii|GIR 0AA|BFPO n|BFPO nn|BFPO nnn|BFPO nnnn
    GE|GE|nnnn
    GF|FR,F|973nn
    GG||GYn nii|GYnn nii
    GI||GX11 1AA
    GL|GL,DK|39nn
    GP|FR,F|971nn
    GR|GR|znn nn
    GS||SIQQ 1ZZ
    GT|GT|nnnnn
    GU||969nn|969nn-nnnn
    GW||nnnn
    HN||nnnnn
    HR|HR|znnnn
    HT|+|HTnnnn
    HU|HU,H|znnn
    ID|ID|nnnnn
    IE|IE|ann eeee|D6W eeee
    IL|IL|nnnnnnn|nnnnn
    IM||IMn nii|IMnn nii
    IN|IN|znnnnn
    IO||BBND 1ZZ
    IQ||nnnnn
    IR|IR|nnnnn-nnnnn
    IS|IS|nnn
    IT|IT,I|nnnnn
    JE||JEn nii|JEnn nii
    JO||nnnnn
    JP|JP|nnn-nnnn
    KE||nnnnn
    KG|KG|nnnnnn
    KH||nnnnnn|nnnnn
    KR|KR|nnnnn
    KW||nnnnn
    KY|+|KYn-nnnn
    KZ|KZ|nnnnnn|annanan
    LA||nnnnn
    LB||nnnn nnnn|nnnn
    LI|LI,FL|94nn
    LK||nnnnn
    LR||nnnn
    LS||nnn
    LT|+|LT-nnnnn
    LU|LU,L|nnnn
    LV|+|LV-nnnn
    MA|MA|nnnnn
    MC|MC,FR,F|980nn
    MD|+|MD-nnnn
    ME|ME|8nnnn
    MF|FR,F|97150
    MG||nnn
    MH||969nn|969nn-nnnn
    MK|MK|nnnn
    MM||nnnnn
    MN||nnnnn
    MP||9695n|9695n-nnnn
    MQ|FR,F|972nn
    MT||aaa nnnn
    MU||nnnnn|annnn
    MV||nnnnn
    MX|MX,CP|nnnnn
    MY|MY|nnnnn
    MZ||nnnn
    NC|FR,F|988nn
    NE||nnnn
    NF||2899
    NG||nnnnnn
    NI||nnnnn
    NL|NL|znnn aa
    NO|NO,N|nnnn
    NP||nnnnn
    NZ|NZ|nnnn
    OM||nnn
    PE|PE|nnnnn
    PF|FR,F|987nn
    PG||nnn
    PH|PH|nnnn
    PK|PK|nnnnn
    PL|PL|nn-nnn
    PM|FR,F|97500
    PN||PCRN 1ZZ
    PR|PR,US|00znn|00znn-nnnn
    PT|PT,P|znnn-nnn
    PW||96939|96940|96939-nnnn|96940-nnnn
    PY||nnnn|nnnnnn
    RE|FR,F|974nn
    RO|RO|nnnnnn
    RS|RS,SRB|nnnnn|nnnnnn
    RU|RU|nnnnnn
    SA|SA|nnnnn|nnnnn-nnnn
    SE|SE,S|znn nn
    SG|SG,S|nnnnnn
    SH||ASCN 1ZZ|STHL 1ZZ|TDCU 1ZZ
    SI|SI,SLO|znnn
    SJ|NO,N|917n|8099
    SK|SK|nnn nn
    SM|SM,I,IT|4789n
    SN||nnnnn
    SV||nnnn
    SZ||annn
    TC||TKCA 1ZZ
    TH|TH|nnnnn
    TJ||nnnnnn
    TM||nnnnnn
    TN||nnnn
    TR|TR|nnnnn
    TW|TW|nnn|nnnnn|nnnnnn
    TZ||nnnnn
    UA|UA|nnnnn
    US|US|nnnnn|nnnnn-nnnn
    UY|UY|nnnnn
    UZ||nnnnnn
    VA|VA,V,I|00120
    VC|+|VCnnnn
    VE||nnnn|nnnna
    VG|+|VGnnnn
    VI|VI,US|008nn|008nn-nnnn
    VN|VN|nnnnn|nnnnnn
    WF|FR,F|986nn
    WS|+|WSnnnn
    XK|XK|nnnnn
    YT|FR,F|976nn
    ZA|ZA|nnnn
    ZM||nnnnn
    """

  static func forms(of region: RegionCode) -> PostalCodeForms? {
    let row = index.rows[(Int(region.packed >> 8) - 0x41) * 26 + Int(region.packed & 0xFF) - 0x41]
    return row.forms.count == 0 ? nil : row
  }

  @inline(__always)
  static func isSeparator(_ sign: UInt8) -> Bool { sign == UInt8(ascii: " ") || sign == UInt8(ascii: "-") }

  /// Whether a form's sign admits a letter or digit of a code.
  static func sign(_ sign: UInt8, admits byte: UInt8) -> Bool {
    let isDigit = byte &- UInt8(ascii: "0") < 10
    switch sign {
    case UInt8(ascii: "n"): return isDigit
    case UInt8(ascii: "z"): return isDigit && byte != UInt8(ascii: "0")
    case UInt8(ascii: "a"): return !isDigit
    case UInt8(ascii: "x"): return true
    case UInt8(ascii: "e"): return isDigit || !isOne(of: "BGIJLMOQSUZ", byte)
    case UInt8(ascii: "c"): return !isDigit && !isOne(of: "DFIOQUWZ", byte)
    case UInt8(ascii: "d"): return !isDigit && !isOne(of: "DFIOQU", byte)
    case UInt8(ascii: "p"): return !isDigit && !isOne(of: "QVX", byte)
    case UInt8(ascii: "q"): return !isDigit && !isOne(of: "IJZ", byte)
    case UInt8(ascii: "r"): return isOne(of: "ABCDEFGHJKPSTUW", byte)
    case UInt8(ascii: "s"): return isOne(of: "ABEHMNPRVWXY", byte)
    case UInt8(ascii: "i"): return !isDigit && !isOne(of: "CIKMOV", byte)
    default: return sign == byte
    }
  }

  private static func isOne(of letters: StaticString, _ byte: UInt8) -> Bool {
    for index in 0..<letters.utf8CodeUnitCount where unsafe letters.utf8Start[index] == byte { return true }
    return false
  }

  private static let index = Index()

  private struct Index: @unchecked Sendable {
    var rows = [PostalCodeForms](repeating: PostalCodeForms(prefixes: .empty, forms: .empty), count: 26 * 26)

    init() {
      let table = PostalCodeTable.rows
      let text = unsafe Text(start: table.utf8Start, count: table.utf8CodeUnitCount)
      var lines = TextPieces()
      while let line = lines.next(in: text.span, on: [UInt8(ascii: "\n")].span) {
        let row = text[line]
        guard let end = TextSearch.first([UInt8(ascii: "|")].span, in: row.span, from: 3) else { continue }
        let place = unsafe (Int(row.start[0]) - 0x41) * 26 + Int(row.start[1]) - 0x41
        rows[place] = PostalCodeForms(prefixes: row[3..<end], forms: row[end + 1..<row.count])
      }
    }
  }
}
