/// Steps of `do`: functions by what they take, with arguments that make sense and some that hardly do.
enum StepGenerator {
  private typealias Kind = PropertySource.Kind

  /// A step that takes `kind`, mostly, and what it gives.
  static func step(on kind: PropertySource.Kind, _ random: inout SplitMix64) -> (MappingPlan.Step, PropertySource.Kind) {
    let known: [(String, PropertySource.Kind)]
    switch kind {
    case _ where random.once(in: 15): known = random.one(of: [texts, numbers, booleans, lists, dates])
    case .text: known = texts
    case .integer, .decimal, .number: known = numbers
    case .boolean: known = booleans
    case .list(let element):
      if random.once(in: 2) {
        let (step, inner) = self.step(on: element, &random)
        return (step, .list(inner))
      }
      known = lists
    default: known = random.one(of: [texts, numbers, lists])
    }
    let (text, result) = random.one(of: known)
    guard let colon = text.firstIndex(of: ":") else { return (.init(function: text), result) }
    let argument = text[text.index(after: colon)...].drop { $0 == " " }
    return (.init(function: String(text[..<colon]), argument: String(argument)), result)
  }

  private static let texts: [(String, Kind)] = [
    ("trim", .text), ("trim", .text), ("lower", .text), ("lower", .text), ("upper", .text), ("title", .text), ("collapse", .text),
    ("digits", .text), ("strip_html", .text), ("replace: {pattern: \"[aeiou]\", with: \"*\"}", .text),
    ("replace: {pattern: \"(.)\", with: \"$1$1\"}", .text), ("replace: {pattern: \"^$\", with: x}", .text),
    ("truncate: 5", .text),
    ("truncate: {max: 1}", .text), ("slice: {from: -2}", .text), ("slice: {from: 1, to: 3}", .text), ("slice: {to: 0}", .text),
    ("normalize", .text), ("normalize: NFKD", .text), ("pad_left: 6", .text), ("pad_left: {width: 3, with: \"0\"}", .text),
    ("prefix: \"<\"", .text), ("suffix: \"\"", .text), ("email", .text), ("phone", .text),
    ("phone: {region: GB, check: valid}", .text),
    ("country", .text), ("language", .text), ("url", .text), ("postal_code", .text), ("name: given", .text),
    ("name: {part: family}", .text), ("sha256", .text), ("uuid5: dns", .text), ("mask", .text), ("int", .integer),
    ("int", .integer),
    ("decimal", .decimal), ("number", .number), ("int: {group_mark: \",\", symbols: [\"$\"]}", .integer),
    ("decimal: {decimal_mark: \",\", group_mark: \" \", negatives: [parentheses, trailing_minus]}", .decimal),
    ("number: {exponent: allow, group_mark: \"'\", grouping: indian}", .number), ("text", .text),
    ("phone: {region: US, extension: keep}", .text), ("date: {formats: [iso, excel]}", .text),
    ("datetime: {formats: [excel_1904, epoch], zone: UTC}", .text),
    ("bool", .boolean), ("bool: {yes: [lead], no: [customer, \"\"]}", .boolean),
    ("date", .text),
    ("date: {formats: [\"MM/dd/yyyy\", iso]}", .text), ("datetime", .text),
    ("datetime: {zone: America/New_York, gap: later}", .text),
    ("datetime: {formats: [epoch_ms, iso], overlap: reject}", .text), ("split: \";\"", .list(.text)),
    ("split: \", \"", .list(.text)),
    ("lookup: statuses", .text), ("lookup: {table: statuses, else: unknown}", .text),
    ("lookup: {table: statuses, miss: keep}", .text),
    ("lookup: {table: codes, miss: nullify}", .any), ("lookup: codes", .any),
  ]

  private static let numbers: [(String, Kind)] = [
    ("int", .integer), ("decimal", .decimal), ("number", .number), ("round", .number), ("round: 2", .number),
    ("round: {places: -2}", .number),
    ("text", .text), ("text: 2", .text), ("text: {decimals: 0, decimal_mark: \",\", group_mark: \".\"}", .text),
    ("date: [excel, epoch_ms]", .text), ("datetime: {formats: [epoch_s], zone: UTC}", .text),
    ("date", .text), ("datetime", .text), ("prefix: \"#\"", .text), ("suffix: \" pcs\"", .text), ("sha256", .text),
    ("mask", .text),
    ("pad_left: {width: 5, with: \"0\"}", .text), ("lookup: {table: statuses, else: none of them}", .text), ("bool", .boolean),
    ("lookup: {table: statuses, miss: keep}", .any),
  ]

  private static let booleans: [(String, Kind)] = [
    ("int", .integer), ("bool", .boolean), ("text", .text), ("lookup: {table: statuses, miss: nullify}", .text),
    ("lookup: {table: codes, else: 0}", .any),
  ]

  private static let lists: [(String, Kind)] = [
    ("join: \";\"", .text), ("join: \"\"", .text), ("first", .any), ("last", .any), ("unique", .list(.any)),
    ("sort", .list(.any)),
    ("count", .integer), ("at: 1", .any), ("at: -1", .any), ("compact", .list(.any)),
  ]

  private static let dates: [(String, Kind)] = [
    ("epoch", .integer), ("epoch: ms", .integer), ("text", .text), ("format: \"dd.MM.yyyy\"", .text), ("date", .text),
    ("datetime", .text),
  ]
}
