import Core
import GHL
import HTTP
import Records

/// Answers with any status, headers and body, through everything that reads them: each becomes a value or a failure, and
/// the failure's message stays short.
enum AnswersCheck {
  static let requests: [(request: GHLRequest, member: String)] = [
    (GHLRequest(.get, .contact, path: ["contacts", "c1"]), "contact"),
    (GHLRequest(.get, .location, path: ["locations", "l"]), "location"),
    (GHLRequest(.get, .contactsByBusiness, path: ["contacts", "business", "b"], query: [.init("skip", "0")]), "contacts"),
    (GHLRequest(.post, .contactSearch, path: ["contacts", "search"], body: .object([.init("page", .number(1))])), "contacts"),
    (GHLRequest(.post, .contactSearch, path: ["contacts", "search"], body: .object([])), "contacts"),
    (
      GHLRequest(.post, .taskSearch, path: ["locations", "l", "tasks", "search"], body: .object([.init("skip", .number(5))])),
      "tasks"
    ),
    (GHLRequest(.get, .contactList, path: ["contacts", ""]), "contacts"),
    (GHLRequest(.get, .contactNotes, path: ["contacts", "c1", "notes"]), "notes"),
    (GHLRequest(.get, .customFields, path: ["locations", "l", "customFields"]), "customFields"),
    (GHLRequest(.delete, .other, path: ["x"]), "x"),
  ]

  static func run(_ input: inout FuzzInput) throws(FuzzFinding) {
    let (request, member) = input.element(of: requests)
    let status =
      input.choice(3) == 0
      ? input.integer() : input.element(of: [200, 200, 200, 204, 206, 302, 400, 401, 403, 404, 422, 429, 500])
    var headers = input.choice(2) == 0 ? LimitsCheck.headers(&input) : [:]
    if input.choice(4) == 0 { headers["traceid"] = input.text(input.choice(200)) }
    let body = input.choice(2) == 0 ? written(&input, member) : input.rest()
    let answer = HTTPAnswer(status: status, headers: headers, body: body)
    switch AnswerJudge.judge(answer, of: request, location: "l", { ListAnswer.fault(in: $0, member) }) {
    case .failure(let failure):
      try FuzzFinding.unless(failure.description.utf8.count < 4_000, "a message of \(failure.description.utf8.count) bytes")
      try FuzzFinding.unless(
        failure.mayConcernOneRecord || failure.endsRun, "\(failure.kind) neither ends the run nor concerns a record")
    case .success(let good):
      guard let root = good.root else { return }
      let (slices, count) = ListAnswer.read(root, member)
      try FuzzFinding.unless((0...1_000_000_000).contains(count ?? 0), "a count of \(count ?? 0)")
      let scope = RecordScope(location: "l", business: "b", contact: "c1")
      for record in slices.map({ ListedRecord($0, scope).record }) {
        try FuzzFinding.unless(!record.line.contains(0x0A), "a record on two lines")
        try FuzzFinding.unless((try? JSONSlicer.slice(record.line)) != nil, "a record that is not JSON was cut out")
      }
      guard let last = slices.last else { return }
      // Reaching the last page number is a failure of its own.
      if let next = try? GHLClient.request(after: request, root: root, last: last, count: slices.count) {
        try FuzzFinding.unless(next.target.utf8.count < 64 << 10, "an address of \(next.target.utf8.count) bytes")
      }
    }
  }

  /// JSON with the members that the readers look for, and arbitrary values in them.
  private static func written(_ input: inout FuzzInput, _ member: String) -> [UInt8] {
    let names = [
      member, "count", "total", "meta", "id", "locationId", "businessId", "contactId", "message", "traceId", "searchAfter",
      "roles",
      "startAfter", "startAfterId", "error", "locationIds",
    ]
    var out: [UInt8] = []
    var open: [UInt8] = []
    func value(_ depth: Int) {
      switch input.choice(depth > 6 ? 5 : 9) {
      case 0: out += Array("null".utf8)
      case 1: out += Array(String(input.integer()).utf8)
      case 2: out += Array(#""c1""#.utf8)
      case 3: out += Array(#""\u0063\ud8001""#.utf8)
      case 4: out += [0x22] + input.take(input.choice(12)).filter { $0 != 0x22 && $0 != 0x5C && $0 >= 0x20 } + [0x22]
      case 5, 6:
        out.append(UInt8(ascii: "["))
        for index in 0..<input.choice(4) {
          if index > 0 { out.append(UInt8(ascii: ",")) }
          value(depth + 1)
        }
        out.append(UInt8(ascii: "]"))
      default:
        out.append(UInt8(ascii: "{"))
        for index in 0..<input.choice(5) {
          if index > 0 { out.append(UInt8(ascii: ",")) }
          out += Array("\"\(input.element(of: names))\":".utf8)
          value(depth + 1)
        }
        out.append(UInt8(ascii: "}"))
      }
    }
    out += Array("{\"\(member)\":".utf8)
    open.append(UInt8(ascii: "}"))
    value(0)
    out += Array(",\"count\":\(input.integer()),\"message\":".utf8)
    value(1)
    out += open
    return input.choice(8) == 0 ? Array(out.prefix(input.choice(256))) : out
  }
}
