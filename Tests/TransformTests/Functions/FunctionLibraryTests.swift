import Core
import Testing
import Values

@testable import Transform

private let lookups = Dictionary(
  uniqueKeysWithValues: FunctionLibrary.exampleLookups.enumerated().map { (Name($1.name), $1.shape(index: $0)) })

/// Binds `step` to `input`, as the mapping compiler does.
private func bind(_ step: String, to input: ValueType, settings: MappingSettings = .init()) throws -> BindResult {
  let (name, argument) = try StepText.read(step)
  let function = try #require(FunctionLibrary.standard.find(name))
  let (arguments, issues) = function.arguments(from: argument)
  guard issues.isEmpty else { return .refused(issues) }
  return function.bind(BindRequest(input: input, arguments: arguments, settings: settings, lookups: lookups))
}

private func bound(_ step: String, to input: ValueType) throws -> (call: FunctionCall, output: ValueType)? {
  switch try bind(step, to: input) {
  case .bound(let call, let output, _): (call, output)
  case .refused: nil
  }
}

private func issues(_ step: String, to input: ValueType) throws -> [BindIssue] {
  switch try bind(step, to: input) {
  case .bound: []
  case .refused(let issues): issues
  }
}

@Suite struct FunctionLibraryTests {
  @Test func `a function is found by its name`() {
    for function in FunctionLibrary.standard.functions {
      #expect(FunctionLibrary.standard.find(function.name)?.summary == function.summary)
      #expect(function.name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil)
    }
    #expect(FunctionLibrary.standard.find("trimm") == nil)
  }

  @Test(arguments: FunctionLibrary.standard.functions.map(\.name))
  func `each function is documented and its examples bind`(name: String) throws {
    let function = try #require(FunctionLibrary.standard.find(name))
    #expect(function.summary.hasSuffix(".") && !function.input.isEmpty && !function.output.isEmpty)
    #expect(function.examples.count >= 2)
    #expect(Set(function.parameters.map(\.name)).count == function.parameters.count)
    #expect(function.parameters.filter(\.isPositional).count <= 1)
    for example in function.examples {
      let input = try JSONReader.read(example.input)
      #expect((example.output == nil) != (example.error == nil))
      if let output = example.output { _ = try JSONReader.read(output) }
      if let error = example.error { #expect(function.errors.contains(error)) }
      #expect(try StepText.read(example.step).name == name)
      var type = try #require(ValueType.of(input))
      if !function.takesList, case .list(let element) = type { type = element }
      if let before = example.before { type = try #require(try bound(before, to: type)).output }
      #expect(try issues(example.step, to: type) == [], "\(example.step) on \(example.input)")
    }
  }

  @Test func `the examples of a function show each of its errors but those that need a rare value`() {
    for function in FunctionLibrary.standard.functions {
      let shown = Set(function.examples.compactMap(\.error))
      #expect(
        Set(function.errors).subtracting(shown).subtracting([.patternLimit, .dateOverlap, .phoneExtensionDropped]) == [],
        "\(function.name)")
    }
  }

  @Test(arguments: [
    ("trim", ValueType.string, FunctionCall.trim, ValueType.string),
    ("lower", .any, .lower, .string),
    ("digits", .oneOf([.string, .number]), .digits, .string),
    ("{replace: {pattern: \"a+\", with: \"\"}}", .string, .replace(pattern: "a+", with: ""), .string),
    ("{truncate: 80}", .string, .truncate(max: 80), .string),
    ("{split: \",\"}", .string, .split(on: ","), .list(.string)),
    ("{join: \" \"}", .list(.string), .join(with: " "), .string),
    ("{join: \"\"}", .list(.oneOf([.string, .integer])), .join(with: ""), .string),
    ("first", .list(.integer), .first, .integer),
    ("last", .any, .last, .any),
    ("first", .list(.object(ObjectShape([]))), .first, .object(ObjectShape([]))),
    ("unique", .list(.string), .unique, .list(.string)),
    ("sort", .oneOf([.string, .list(.date)]), .sort, .list(.date)),
    ("count", .list(.object(ObjectShape([]))), .count, .integer),
    ("email", .string, .email, .string),
    ("phone", .string, .phone(region: nil, mustBeValid: false), .string),
    ("{phone: {region: US, check: valid}}", .string, .phone(region: "US", mustBeValid: true), .string),
    ("country", .string, .country, .string),
    ("int", .boolean, .int(.plain), .integer),
    ("decimal", .oneOf([.number, .string]), .decimal(.plain), .decimal),
    ("number", .integer, .number(.plain), .number),
    (
      "{int: {group_mark: \" \", negatives: trailing_minus, exponent: allow}}", .string,
      .int(NumberForm(groupMark: NumberMark(" "), negatives: [.trailingMinus], allowsExponent: true)), .integer
    ),
    (
      "{decimal: {decimal_mark: \",\", group_mark: \".\", symbols: [\"€\", EUR], grouping: indian}}", .oneOf([.number, .string]),
      .decimal(
        NumberForm(
          decimalMark: NumberMark(",") ?? .point, groupMark: .point, grouping: .indian, symbols: ["€", "EUR"])), .decimal
    ),
    ("text", .boolean, .text(NumberWriter()), .string),
    ("{text: {decimals: 2, decimal_mark: \",\"}}", .number, .text(NumberWriter(decimals: 2, decimalMark: ",")), .string),
    ("{date: [excel, excel-1904, epoch]}", .number, .date(formats: [.excel1900, .excel1904, .epochSeconds]), .date),
    (
      "{phone: {extension: keep}}", .string, .phone(region: nil, mustBeValid: false, extensions: .keep), .string
    ),
    ("{phone: {extension: drop}}", .string, .phone(region: nil, mustBeValid: false, extensions: .drop), .string),
    ("date", .oneOf([.string, .integer]), .date(formats: []), .date),
    ("date", .datetime, .date(formats: []), .date),
    ("{date: iso}", .string, .date(formats: [.iso]), .date),
    ("{date: [epoch_s, \"dd.MM.yyyy\"]}", .string, .date(formats: [.epochSeconds, .pattern("dd.MM.yyyy")]), .date),
    (
      "{datetime: {zone: location, gap: later, overlap: reject}}", .string,
      .datetime(formats: [], zone: .location, gap: .later, overlap: .reject), .datetime
    ),
    (
      "{datetime: {formats: [epoch_ms]}}", .integer,
      .datetime(formats: [.epochMilliseconds], zone: nil, gap: .reject, overlap: nil), .datetime
    ),
    (
      "bool", .string, .bool(yes: ["true", "yes", "y", "1", "on"], no: ["false", "no", "n", "0", "off"]), .boolean
    ),
    ("{bool: {yes: [JA], no: nein}}", .string, .bool(yes: ["ja"], no: ["nein"]), .boolean),
    ("{lookup: statuses}", .string, .lookup(table: 0, column: 0, miss: .error), .string),
    ("{lookup: owners.team}", .integer, .lookup(table: 1, column: 1, miss: .error), .string),
    (
      "{lookup: {table: statuses, else: 7}}", .string, .lookup(table: 0, column: 0, miss: .value(.number("7"))),
      .oneOf([.string, .integer])
    ),
    ("{lookup: {table: statuses, else: null}}", .string, .lookup(table: 0, column: 0, miss: .value(.null)), .string),
    (
      "{lookup: {table: statuses, miss: keep}}", .boolean, .lookup(table: 0, column: 0, miss: .keep),
      .oneOf([.string, .boolean])
    ),
    ("{lookup: {table: statuses, miss: nullify}}", .string, .lookup(table: 0, column: 0, miss: .nullify), .string),
    ("postal_code", .string, .postalCode, .string),
    ("round", .integer, .round(places: 0), .integer),
    ("{round: 2}", .decimal, .round(places: 2), .decimal),
    ("{round: -2}", .number, .round(places: -2), .number),
    ("round", .any, .round(places: 0), .oneOf([.integer, .decimal, .number])),
    ("round", .oneOf([.string, .number]), .round(places: 0), .number),
    ("round", .oneOf([.string, .integer, .decimal]), .round(places: 0), .oneOf([.integer, .decimal])),
    ("epoch", .datetime, .epoch(isMilliseconds: false), .integer),
    ("{epoch: ms}", .date, .epoch(isMilliseconds: true), .integer),
    ("{format: \"yyyyMd\"}", .date, .format(pattern: "yyyyMd", zone: nil), .string),
    ("{format: {pattern: \"HH:mm\", zone: location}}", .datetime, .format(pattern: "HH:mm", zone: .location), .string),
    ("{format: {pattern: \"HH:mm\", zone: UTC}}", .any, .format(pattern: "HH:mm", zone: .named("UTC")), .string),
    ("{at: -1}", .list(.integer), .at(-1), .integer),
    ("{at: {n: 0}}", .any, .at(0), .any),
    ("compact", .list(.date), .compact, .list(.date)),
  ])
  func `a step binds to its call and its type`(step: String, input: ValueType, call: FunctionCall, output: ValueType) throws {
    let result = try #require(try bound(step, to: input))
    #expect(result.call == call)
    #expect(result.output == output)
  }

  @Test(arguments: [
    ("{slice: {from: -4}}", ValueType.string, ValueType.string),
    ("{slice: {to: 3}}", .any, .string),
    ("normalize", .string, .string),
    ("{normalize: {form: NFKD}}", .string, .string),
    ("{pad_left: {width: 5, with: \"0\"}}", .integer, .string),
    ("{pad_left: 5}", .string, .string),
    ("{prefix: \"x\"}", .number, .string),
    ("{suffix: {text: \"x\"}}", .date, .string),
    ("language", .string, .string),
    ("url", .oneOf([.string, .integer]), .string),
    ("{name: family}", .string, .string),
    ("sha256", .datetime, .string),
    ("mask", .decimal, .string),
  ])
  func `a step of a function that runs through its kernel binds to its type`(
    step: String, input: ValueType, output: ValueType
  ) throws {
    let result = try #require(try bound(step, to: input))
    guard case .kernel(let call) = result.call else {
      Issue.record("\(step) has an operation of its own")
      return
    }
    #expect(call.function.name == (try StepText.read(step).name))
    #expect(result.output == output)
  }

  @Test func `calls of kernels are equal if they are the same function with the same arguments`() throws {
    func call(_ step: String) throws -> FunctionCall { try #require(try bound(step, to: .string)).call }
    #expect(try call("{prefix: x}") == call("{prefix: {text: x}}"))
    #expect(try Set([call("{prefix: x}"), call("{prefix: y}"), call("{suffix: x}"), call("{prefix: x}")]).count == 3)
  }

  @Test(arguments: FunctionLibrary.standard.functions.map(\.name))
  func `what is derived from a function's call agrees with its definition`(name: String) throws {
    let function = try #require(FunctionLibrary.standard.find(name))
    for example in function.examples {
      var type = try #require(ValueType.of(try JSONReader.read(example.input)))
      if !function.takesList, case .list(let element) = type { type = element }
      if let before = example.before { type = try #require(try bound(before, to: type)).output }
      let call = try #require(try bound(example.step, to: type)).call
      #expect(call.function.name == name)
      let field = TestMapping.field("a", TestMapping.source("a"), [call])
      let program = try Program(TestMapping.model([field], lookups: FunctionLibrary.exampleLookups))
      try #require(program.operations.count == 1)
      #expect(program.operations.base[0].takesList == function.takesList)
    }
  }

  @Test(arguments: [
    ("lower", ValueType.boolean, DiagnosticCode.typeMismatch, String?.none, "lower takes string, but the value is a boolean"),
    ("trim", .date, .typeMismatch, nil, "trim takes string, but the value is a date"),
    ("email", .object(ObjectShape([])), .typeMismatch, nil, "email takes string, but the value is an object"),
    ("digits", .oneOf([.number, .boolean]), .typeMismatch, nil, "digits takes string, but the value is boolean or number"),
    ("{join: \" \"}", .string, .typeMismatch, nil, "join takes a list, but the value is a string"),
    (
      "sort", .list(.object(ObjectShape([]))), .typeMismatch, nil,
      "sort takes a list of plain values, but the elements are object"
    ),
    ("count", .integer, .typeMismatch, nil, "count takes a list, but the value is an integer"),
    (
      "datetime", .date, .typeMismatch, nil,
      "datetime takes string, integer, decimal, number or datetime, but the value is a date"
    ),
    ("bool", .integer, .typeMismatch, nil, "bool takes string or boolean, but the value is an integer"),
    ("{trim: 3}", .string, .badArgument, nil, "trim takes no argument"),
    ("{phone: US}", .string, .badArgument, nil, "phone takes its arguments by name"),
    ("truncate", .string, .badArgument, nil, "truncate needs 'max': the largest number of characters, 1 or more"),
    ("{truncate: -1}", .string, .badArgument, "max", "'max' of truncate must be 1 or more, not -1"),
    ("{truncate: many}", .string, .wrongKind, "max", "'max' of truncate must be an integer"),
    ("{split: \"\"}", .string, .badArgument, "on", "'on' of split must not be empty"),
    ("{replace: {pattern: \"\", with: x}}", .string, .badArgument, "pattern", "'pattern' of replace must not be empty"),
    (
      "{replace: {pattern: \"a(\", with: x}}", .string, .badArgument, "pattern",
      "'pattern' of replace is not a regular expression: "
    ),
    ("{replace: {pattern: \"a\", with: \"$1\"}}", .string, .badArgument, "with", "'with' of replace does not fit its pattern: "),
    ("{phone: {region: us}}", .string, .badArgument, "region", "there is no phone region 'us'"),
    ("{phone: {region: XX}}", .string, .badArgument, "region", "there is no phone region 'XX'"),
    ("{phone: {regin: US}}", .string, .unknownKey, "regin", "phone has no parameter 'regin'"),
    ("{phone: {check: vald}}", .string, .unknownWord, "check", "'check' of phone must be possible or valid"),
    ("{datetime: {zone: Europe/Berlinn}}", .string, .badArgument, "zone", "there is no time zone 'Europe/Berlinn'"),
    ("{date: \"MM/dd\"}", .string, .badArgument, "formats", "the pattern 'MM/dd' of date does not give a complete date"),
    ("{date: {formats: [iso, \"QQ yyyy\"]}}", .string, .badArgument, "formats", "the pattern 'QQ yyyy' of date: "),
    ("{date: []}", .string, .badArgument, "formats", "'formats' of date must name at least one format"),
    (
      "{date: \"%m/%d/%Y\"}", .string, .badArgument, "formats",
      "the pattern '%m/%d/%Y' of date: strftime patterns are not used here"
    ),
    (
      "{date: \"DD/MM/YYYY\"}", .string, .badArgument, "formats",
      "the pattern 'DD/MM/YYYY' of date: the year is yyyy and the day dd, in lowercase"
    ),
    ("{date: [epoch_s, excel]}", .string, .badArgument, "formats", "epoch_s reads every number, so date never tries excel"),
    ("{datetime: {zone: PST}}", .string, .badArgument, "zone", "'PST' is an abbreviation, not a time zone"),
    (
      "{decimal: {group_mark: \".\"}}", .string, .badArgument, "group_mark",
      "'.' would be both marks of decimal: \".\" is the decimal mark unless you set another"
    ),
    ("{int: {decimal_mark: \",\", group_mark: \",\"}}", .string, .badArgument, "group_mark", "',' would be both marks of int"),
    (
      "{text: {decimal_mark: \" \", group_mark: \"\u{A0}\"}}", .number, .badArgument, "group_mark",
      "'\u{A0}' would be both marks of text"
    ),
    (
      "{number: {decimal_mark: \"1\"}}", .string, .badArgument, "decimal_mark",
      "'decimal_mark' of number must be one character other than a digit, a letter, a sign or a parenthesis"
    ),
    (
      "{number: {group_mark: \"\"}}", .string, .badArgument, "group_mark",
      "'group_mark' of number must be one character other than a digit, a letter, a sign or a parenthesis"
    ),
    (
      "{number: {group_mark: \",,\"}}", .string, .badArgument, "group_mark",
      "'group_mark' of number must be one character other than a digit, a letter, a sign or a parenthesis"
    ),
    (
      "{number: {grouping: indian}}", .string, .badArgument, "grouping", "'grouping' of number has no effect without 'group_mark'"
    ),
    ("{number: {symbols: [\"\"]}}", .string, .badArgument, "symbols", "a symbol of number is empty"),
    ("{number: {symbols: [\"$ \"]}}", .string, .badArgument, "symbols", "the symbol '$ ' of number has white space around it"),
    (
      "{number: {symbols: [\"1st\"]}}", .string, .badArgument, "symbols",
      "the symbol '1st' of number has a digit, a sign or a parenthesis"
    ),
    (
      "{number: {symbols: [\"-\"]}}", .string, .badArgument, "symbols",
      "the symbol '-' of number has a digit, a sign or a parenthesis"
    ),
    ("{number: {symbols: [\".\"]}}", .string, .badArgument, "symbols", "the symbol '.' of number is one of its marks"),
    (
      "{number: {negatives: [parenthesis]}}", .string, .unknownWord, "negatives",
      "'parenthesis' is not a way to write negative numbers that number supports"
    ),
    ("{text: 65}", .number, .badArgument, "decimals", "'decimals' of text must be from 0 to 64, not 65"),
    ("{text: 2}", .string, .typeMismatch, nil, "text takes integer, decimal or number, but the value is a string"),
    ("{bool: {yes: [no]}}", .string, .badArgument, "yes", "'no' would be both yes and no"),
    ("{lookup: statusses}", .string, .unknownLookup, "table", "this mapping has no lookup 'statusses'"),
    ("{lookup: owners}", .string, .badArgument, "table", "lookup 'owners' has 2 columns: name one"),
    ("{lookup: owners.taem}", .string, .unknownColumn, "table", "lookup 'owners' has no column 'taem'"),
    ("{lookup: {table: statuses, else: [1]}}", .string, .badArgument, "else", "'else' of lookup must be a plain value"),
    (
      "{lookup: {table: statuses, else: x, miss: keep}}", .string, .badArgument, "miss",
      "'else' and 'miss' cannot be used together"
    ),
    ("{slice: {}}", .string, .badArgument, nil, "slice needs 'from' or 'to'"),
    ("slice", .string, .badArgument, nil, "slice needs 'from' or 'to'"),
    ("{slice: {from: 3, to: 3}}", .string, .badArgument, "to", "'to' of slice must be after 'from', or nothing is left"),
    ("{slice: {from: -1, to: -2}}", .string, .badArgument, "to", "'to' of slice must be after 'from', or nothing is left"),
    ("{slice: {to: 0}}", .string, .badArgument, "to", "'to' of slice must be after 'from', or nothing is left"),
    ("{slice: {form: 3}}", .string, .unknownKey, "form", "slice has no parameter 'form'"),
    ("{slice: 3}", .string, .badArgument, nil, "slice takes its arguments by name"),
    ("{slice: {from: \"3\"}}", .string, .wrongKind, "from", "'from' of slice must be an integer"),
    ("{slice: {from: 1}}", .integer, .typeMismatch, nil, "slice takes string, but the value is an integer"),
    ("{normalize: NFG}", .string, .unknownWord, "form", "'form' of normalize must be NFC or NFD or NFKC or NFKD"),
    ("pad_left", .string, .badArgument, nil, "pad_left needs 'width': the smallest number of characters, 1 to 1000"),
    ("{pad_left: 0}", .string, .badArgument, "width", "'width' of pad_left must be from 1 to 1000, not 0"),
    ("{pad_left: {width: 3, with: \"ab\"}}", .string, .badArgument, "with", "'with' of pad_left must be one character"),
    ("{pad_left: {width: 3, with: \"\"}}", .string, .badArgument, "with", "'with' of pad_left must be one character"),
    (
      "{pad_left: 3}", .boolean, .typeMismatch, nil,
      "pad_left takes string, integer, decimal, number, date or datetime, but the value is a boolean"
    ),
    ("{prefix: \"\"}", .string, .badArgument, "text", "'text' of prefix must not be empty"),
    ("{suffix: 7}", .string, .wrongKind, "text", "'text' of suffix must be a text"),
    ("language", .integer, .typeMismatch, nil, "language takes string, but the value is an integer"),
    ("{url: x}", .string, .badArgument, nil, "url takes no argument"),
    ("{name: first}", .string, .unknownWord, "part", "'part' of name must be given or middle or family or prefix or suffix"),
    (
      "name", .string, .badArgument, nil,
      "name needs 'part': given, middle, family, prefix (titles) or suffix (Jr., PhD); `Family, Given` is understood"
    ),
    ("round", .string, .typeMismatch, nil, "round takes integer, decimal or number, but the value is a string"),
    ("{round: 65}", .integer, .badArgument, "places", "'places' of round must be from -64 to 64, not 65"),
    ("{round: 1.5}", .integer, .wrongKind, "places", "'places' of round must be an integer"),
    ("epoch", .string, .typeMismatch, nil, "epoch takes datetime or date, but the value is a string"),
    ("{epoch: m}", .datetime, .unknownWord, "unit", "'unit' of epoch must be s or ms or seconds or milliseconds"),
    ("{format: \"yyyy\"}", .string, .typeMismatch, nil, "format takes datetime or date, but the value is a string"),
    ("{format: \"HH:mm\"}", .date, .badArgument, "pattern", "a date has no time of day, but the pattern 'HH:mm' needs one"),
    ("{format: {pattern: \"yyyy\", zone: UTC}}", .date, .badArgument, "zone", "a date has no zone"),
    ("{format: \"\"}", .date, .badArgument, "pattern", "the pattern '' of format: the pattern is empty"),
    ("{format: \"yyyy-mm-dd\"}", .date, .badArgument, "pattern", "the pattern 'yyyy-mm-dd' of format: "),
    ("{format: \"QQQ\"}", .datetime, .badArgument, "pattern", "the pattern 'QQQ' of format: "),
    (
      "{format: {pattern: \"yyyy\", zone: Europe/Berlinn}}", .datetime, .badArgument, "zone",
      "there is no time zone 'Europe/Berlinn'"
    ),
    ("{format: {pattern: \"yyyy\", zne: UTC}}", .datetime, .unknownKey, "zne", "format has no parameter 'zne'"),
    ("at", .list(.string), .badArgument, nil, "at needs 'n': the index; -1 is the last element"),
    ("{at: 0}", .string, .typeMismatch, nil, "at takes a list, but the value is a string"),
    ("compact", .string, .typeMismatch, nil, "compact takes a list, but the value is a string"),
    ("uuid5", .string, .badArgument, nil, "uuid5 needs 'namespace': a UUID of your own, or one of dns, url, oid, x500"),
    (
      "{uuid5: dsn}", .string, .badArgument, "namespace", "'namespace' of uuid5 must be a UUID or one of dns, url, oid, x500"
    ),
    (
      "sha256", .boolean, .typeMismatch, nil,
      "sha256 takes string, integer, decimal, number, date or datetime, but the value is a boolean"
    ),
  ])
  func `invalid steps are refused with a reason`(
    step: String, input: ValueType, code: DiagnosticCode, parameter: String?, message: String
  ) throws {
    let found = try issues(step, to: input)
    #expect(found.map(\.code) == [code])
    #expect(found.first?.parameter == parameter)
    // A message that ends in what a parser says is given by its beginning.
    if message.hasSuffix(": ") {
      #expect(found.first?.message.hasPrefix(message) == true)
    } else {
      #expect(found.first?.message == message)
    }
  }

  @Test func `all issues of a step are reported together`() throws {
    #expect(try issues("{truncate: 0}", to: .boolean).map(\.code) == [.typeMismatch, .badArgument])
  }

  @Test func `hints name the nearest word`() throws {
    #expect(try issues("{lookup: owners.taem}", to: .string).first?.hint == "did you mean 'team'?")
    #expect(try issues("{lookup: statusses}", to: .string).first?.hint == "did you mean 'statuses'?")
    #expect(try issues("{phone: {region: us}}", to: .string).first?.hint == "did you mean 'US'? (differs only in case)")
    #expect(try issues("{join: \" \"}", to: .string).first?.hint?.contains("split") == true)
  }

  @Test func `a time without a zone of its own takes that of the settings`() throws {
    let settings = MappingSettings(zone: .named("Europe/Berlin"))
    guard case .bound(let call, _, _) = try bind("datetime", to: .string, settings: settings) else {
      Issue.record("datetime was refused")
      return
    }
    #expect(call == .datetime(formats: [], zone: .named("Europe/Berlin"), gap: .reject, overlap: nil))
  }
}

@Suite struct FunctionReferenceTests {
  @Test func `the text of a function has all that its definition has`() throws {
    let text = FunctionReference.text(of: try #require(FunctionLibrary.standard.find("truncate")))
    #expect(
      text == """
        truncate: At most the first `max` characters of the text.

          takes       string; of a list, each element
          gives       string
          parameters  max  an integer, required, may be given alone: the largest number of characters, 1 or more
          examples    {truncate: 5}         "Lovelace"  ->  "Lovel"
                      {truncate: 5}         "Ada"       ->  "Ada"
                      {truncate: {max: 3}}  "Zoë Öst"   ->  "Zoë"

        """)
  }

  @Test func `the table has one row per function`() {
    let rows = FunctionReference.rows()
    #expect(rows.count == FunctionLibrary.standard.functions.count)
    for (row, function) in zip(rows, FunctionLibrary.standard.functions) {
      #expect(row[0].hasPrefix(function.name) && row[1].contains(" -> ") && row[2] == function.summary)
    }
  }

  @Test func `a table's shape tells what its columns hold`() {
    let table = LookupTable(
      name: "t", columns: ["a", "b", "c"],
      entries: ["x": [.number("1"), .string("s"), .null], "y": [.bool(true), .null, .null]], keys: ["x", "y"])
    #expect(table.shape(index: 3).index == 3)
    #expect(table.shape(index: 3).columnTypes == [.oneOf([.integer, .boolean]), .string, .string])
  }
}
