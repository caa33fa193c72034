import Core
import Foundation
import Testing

@testable import Commands

/// What `init --sample` must not do: invent a value, invert a meaning, or choose what only a person can. `check` names
/// everything that it guesses or leaves open.
@Suite("init invents nothing")
struct InitProposalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var file = "people.csv"
    var sample: String
    /// Members of `properties`, and the required ones.
    var properties: String
    var required: [String] = []
    /// Lines that the mapping contains, apart from comments.
    var has: [String] = []
    /// Fields that are guesses; no other mapped field is one.
    var guessed: [String] = []
    /// Fields that are left open, and what their comment says.
    var left: [String: [String]] = [:]
    var testDescription: String { name }
  }

  static let string = #"{"type": "string"}"#
  static let boolean = #"{"type": "boolean"}"#
  static let date = #"{"type": "string", "format": "date"}"#
  static let moment = #"{"type": "string", "format": "date-time"}"#

  static let cases: [Case] = [
    Case(
      name: "opposites",
      sample: """
        id,Unsubscribed from all email,DND,Inactive,Opted out of SMS,is_blocked,Not Unsubscribed
        1,true,false,false,true,false,true
        2,false,true,true,false,false,false
        """,
      properties: """
        "id": \(string), "consent": {"type": "object", "properties": {"email": \(boolean)}}, "disturb": \(boolean), "active": \(boolean),
        "smsOptIn": \(boolean), "allowed": \(boolean), "unsubscribed": \(boolean)
        """,
      required: ["id", "active"], has: ["id: {from: id, required: true}"],
      left: [
        "unsubscribed": ["\"Unsubscribed from all email\", a similar name only"],
        "consent.email": ["\"Unsubscribed from all email\" says the opposite", "lookup"], "disturb": [],
        "active": ["required", "Inactive says the opposite"],
        "smsOptIn": ["\"Opted out of SMS\" says the opposite"], "allowed": [],
      ]),
    Case(
      name: "denials in front of denials", sample: "id,subscribed,call,active\n1,true,false,true\n2,false,true,true\n",
      properties: """
        "id": \(string), "suppression": {"type": "object", "properties": {"unsubscribed": \(boolean), "inactive": \(boolean)}},
        "dnd": {"type": "object", "properties": {"doNotCall": \(boolean)}},
        "optOuts": {"type": "object", "properties": {"optInStatus": \(boolean)}}
        """,
      required: ["id"], has: ["id: {from: id, required: true}"],
      left: [
        "suppression.unsubscribed": ["subscribed may say the opposite"], "suppression.inactive": ["active may say the opposite"],
        "dnd.doNotCall": ["call may say the opposite"], "optOuts.optInStatus": [],
      ]),
    Case(
      name: "a yes or no needs the same words",
      sample: "id,Is Subscribed,email subscribed,recieved,insecure\n1,true,false,true,true\n2,false,true,true,false\n",
      properties: """
        "id": \(string), "subscribed": \(boolean), "smsSubscribed": \(boolean), "received": \(boolean), "secure": \(boolean)
        """,
      required: ["id"], has: ["id: {from: id, required: true}", "from: \"Is Subscribed\""], guessed: ["subscribed"],
      left: [
        "smsSubscribed": ["email subscribed"], "received": ["recieved, a similar name only"],
        "secure": ["insecure may say the opposite"],
      ]),
    Case(
      name: "missing sources", sample: "id,City\n1,Rome\n2,Oslo\n",
      properties: """
        "id": \(string), "tier": {"enum": ["bronze", "silver"]}, "joinedAt": \(moment), "email": {"type": "string", "format": "email"},
        "origin": {"const": "crm"}, "count": {"type": "integer"}, "tags": {"type": "array"}, "flag": \(boolean), "note": \(string)
        """,
      required: ["id", "tier", "joinedAt", "email", "origin", "count", "tags", "flag"],
      left: [
        "tier": ["required", "no similar field in the sample; the target accepts only \"bronze\", \"silver\""],
        "joinedAt": ["required"], "email": ["required"],
        "origin": ["required"],
        "count": ["required"], "tags": ["required"], "flag": ["required"], "note": ["not mapped (string)"],
      ]),
    Case(
      name: "ambiguous dates",
      sample:
        "id,born,joined,seen,mixed\n1,03/04/1990,25/12/2020,2024-01-31,2024-01-31\n2,05/06/1985,01/02/2021,2024-02-01,01/02/2021\n",
      properties: #""id": \#(string), "born": \#(date), "joined": \#(date), "seen": \#(date), "mixed": \#(date)"#,
      required: ["id", "born"],
      has: [
        "joined: {from: joined, do: [{date: {formats: [d/M/yyyy]}}], nulls: omit}",
        "seen: {from: seen, do: [date], nulls: omit}",
      ],
      left: [
        "born": ["required", "M/d/yyyy reads 100 %, d/M/yyyy reads 100 % of them"],
        "mixed": ["no one format reads all of its dates", "iso reads 50 %", "d/M/yyyy reads 50 %"],
      ]),
    Case(
      name: "no time zone, no region, seconds or milliseconds",
      sample: """
        id,createdAt,updatedAt,epoch,phone,mobile
        1,2024-03-10 12:30:00,2024-03-10T12:30:00Z,1710073800,(415) 555-2671,+14155552671
        2,2024-03-11 08:00:00,2024-03-11T12:30:00+02:00,1710160200,030 901820,+442079460958
        """,
      properties: """
        "id": \(string), "createdAt": \(moment), "updatedAt": \(moment), "epoch": \(moment),
        "phone": {"type": "string", "pattern": "^[+][0-9]+$"}, "mobile": {"type": "string", "pattern": "^[+][0-9]+$"}
        """,
      required: ["createdAt"],
      has: ["updatedAt: {from: updatedAt, do: [datetime], nulls: omit}", "mobile: {from: mobile, do: [phone], nulls: omit}"],
      guessed: ["epoch"],
      left: [
        "createdAt": ["required", "no offset from UTC: 2 of 2 values; set settings.timezone"],
        "phone": ["no country code: 2 of 2 values; set settings.region"],
      ]),
    Case(
      name: "enums that do not match",
      sample: "id,plan,status,size,level\n1,Gold,active,XL,1\n2,Silver,paused,XXL,2\n3,Platinum,active,XL,2\n",
      properties: """
        "id": \(string), "plan": {"enum": ["gold", "silver"]}, "status": {"enum": ["active", "paused", "unknown"]},
        "size": {"type": "string", "enum": ["small", "large", "other"]}, "level": {"enum": [1, 2]}
        """,
      required: ["plan", "size"],
      has: [
        "Gold: gold    # the same except for case", "# Platinum:    # once in the sample", "status: {from: status, nulls: omit}",
      ], guessed: ["plan"],
      left: [
        "size": ["required", "none of its values is a member of the target's enum"], "level": ["the target accepts only 1, 2"],
      ]),
    Case(
      name: "two Unicode forms", file: "people.ndjson", sample: "{\"id\":\"1\",\"cafe\u{301}\":\"x\",\"na\u{ef}ve\":\"y\"}\n",
      properties: "\"id\": \(string), \"caf\u{e9}\": \(string), \"na\u{ef}ve\": \(string)", required: ["caf\u{e9}"],
      guessed: ["caf\u{e9}"]),
    Case(
      name: "duplicate candidates",
      sample: "id,Mobile,Telephone,E-Mail,e_mail,city,City\n1,+14155552671,+14155552672,a@b.co,c@d.co,Rome,Oslo\n",
      properties: #""id": \#(string), "phone": \#(string), "email": {"type": "string", "format": "email"}, "city": \#(string)"#,
      required: ["phone", "email"], has: ["city: {from: city, nulls: omit}"],
      left: [
        "phone": ["required", "Mobile, Telephone fit equally well: choose one"], "email": ["E-Mail, e_mail fit equally well"],
      ]),
    Case(
      name: "nested targets", sample: "id,city,Shipping City,zip\n1,Rome,Oslo,00100\n",
      properties: """
        "id": \(string), "address": {"type": "object", "required": ["city", "country"], "properties": {"city": \(string), "country": \(string)}},
        "billing": {"type": "object", "properties": {"city": \(string)}}, "zip": {"type": "integer"}
        """,
      required: ["address"], has: ["city: {from: city, required: true, review: \"city: the same name in another place\"}"],
      guessed: ["address.city"],
      left: [
        "address.country": ["required"], "billing.city": ["nearest: \"Shipping City\""], "zip": ["whole numbers: 0 of 1 value"],
      ]),
    Case(
      name: "lists", file: "people.ndjson",
      sample: """
        {"id":"1","tags":["a","b"],"labels":["x"],"roles":"admin;user","scores":[1,2],"notes":[{"text":"hi"}]}
        {"id":"2","tags":[],"labels":["y","z"],"roles":"user","scores":[3],"notes":[]}
        """,
      properties: """
        "id": \(string), "tags": {"type": "array", "items": \(string)}, "labels": \(string), "roles": {"type": "array", "items": \(string)},
        "scores": {"type": "array", "items": \(string)}, "notes": \(string)
        """,
      required: ["tags"], has: ["tags: {from: tags, required: true}"], guessed: ["labels", "roles"],
      left: ["scores": [], "notes": ["its values are lists"]]),
    Case(
      name: "numbers and booleans",
      sample:
        "id,revenue,price,code,rate,flag,active,verified\n1,1.234,\"1,5\",007,0.5,1,yes,maybe\n2,5.678,\"2,75\",042,12.25,0,no,yes\n",
      properties: """
        "id": \(string), "revenue": {"type": "number"}, "price": {"type": "number"}, "code": {"type": "integer"}, "rate": {"type": "number"},
        "flag": \(boolean), "active": \(boolean), "verified": \(boolean)
        """,
      required: ["revenue"],
      has: ["rate: {from: rate, do: [decimal], nulls: omit}", "active: {from: active, do: [bool], nulls: omit}"],
      guessed: ["flag"],
      left: [
        "code": ["whole numbers: 0 of 2 values"],
        "revenue": ["required", "points can be read in two ways"],
        "price": ["a comma that may mark decimals or group thousands: 2 of 2 values"],
        "verified": ["words for yes and no: 1 of 2 values"],
      ]),
    Case(
      name: "values that fail", sample: "id,email,nick,code\n1,a@b.co,Al,ab\n2,not an address,Bartholomew,cd\n3,c@d.co,Cy,ef\n",
      properties: """
        "id": \(string), "email": {"type": "string", "format": "email"}, "nick": {"type": "string", "maxLength": 5},
        "code": {"type": "string", "pattern": "^[0-9]+$"}
        """,
      required: ["email", "code"], guessed: ["email", "nick"],
      left: ["code": ["required", "3 of 3 sample records fail (schema-pattern)"]]),
    Case(
      name: "records of GHL", file: "contacts.ndjson",
      sample:
        #"{"id":"c1","locationId":"l1","firstName":"Ada","lastName":"Lovelace","email":"a@b.co","dnd":true,"type":"lead","dateAdded":"2024-03-10T12:30:00.000Z"}"#,
      properties: """
        "contactId": \(string), "name": \(string), "consent": \(boolean), "doNotContact": \(boolean), "status": {"enum": ["prospect", "active"]},
        "email": {"type": "string", "format": "email"}
        """,
      required: ["contactId", "name", "consent", "status"], has: ["email: {from: email, do: [trim, email], nulls: omit}"],
      guessed: ["contactId", "name", "doNotContact"],
      left: ["consent": ["required"], "status": ["required", "none of its values is a member"]]),
  ]

  @Test(arguments: cases)
  func `What cannot be known stays open, and check names it`(item: Case) async throws {
    try await withFolder { folder in
      try item.sample.write(toFile: "\(folder)/\(item.file)", atomically: true, encoding: .utf8)
      let required = item.required.map { "\"\($0)\"" }.joined(separator: ", ")
      let schema = "{\"type\": \"object\", \"required\": [\(required)], \"properties\": {\(item.properties)}}"
      try schema.write(toFile: "\(folder)/app.json", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder + "/it", "--sample", "\(folder)/\(item.file)", "--schema", "\(folder)/app.json")
      #expect(ended.code == .done, "\(ended.error)")
      #expect(
        ended.error.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("waybill preview") || $0.contains(folder) },
        "\(ended.error)")
      let name = item.file.split(separator: ".")[0]
      let mapping = "\(folder)/it/mappings/\(name).yaml"
      let text = try String(contentsOfFile: mapping, encoding: .utf8)
      let code = text.split(separator: "\n").filter { !$0.drop(while: { $0 == " " }).hasPrefix("#") }
      for word in ["const:", "default:", "else:", "miss:", "on_error:", "region:", "timezone:", "truncate", "expr:"] {
        #expect(!code.contains { $0.components(separatedBy: "review:")[0].contains(word) }, "\(word)\n\(text)")
      }
      for line in item.has { #expect(text.contains(line), "\(line)\n\(text)") }

      let checked = await waybill("check", mapping, "--json")
      let diagnostics = try #require(try JSONReader.read(checked.output)["diagnostics"]?.arrayValue)
      func messages(_ code: String) -> [String] {
        diagnostics.filter { $0["code"]?.stringValue == code }.compactMap { $0["message"]?.stringValue }
      }
      let missing = messages("required-not-mapped").joined()
      let comments = Self.comments(text)
      for (field, words) in item.left {
        let comment = try #require(comments[field], "\(field)\n\(text)")
        #expect(comment.hasPrefix("not mapped"), "\(comment)")
        for word in words { #expect(comment.contains(word), "\(field): \(comment)") }
        #expect(comment.hasPrefix("not mapped, required") == missing.contains("'\(field)'"), "\(field): \(missing)")
        #expect(ended.error.contains(field), "\(ended.error)")
      }
      #expect(comments.count == item.left.count, "\(comments.keys.sorted())")
      let guesses = messages("unreviewed-guess").filter { !$0.hasPrefix("source ") && !$0.hasPrefix("target ") }
      #expect(
        Set(guesses.map { String($0.split(separator: "'")[0]) }) == Set(item.guessed), "\(guesses)\n\(text)")
      let others = diagnostics.filter { item in
        item["severity"]?.stringValue != "note"
          && !["required-not-mapped", "unreviewed-guess", "personal-key"].contains(item["code"]?.stringValue)
      }
      #expect(others.isEmpty, "\(others.map(\.text))")
      #expect(checked.code == (missing.isEmpty ? .done : .wrongFile), "\(checked.error)")
    }
  }

  /// Commented fields: name and text, across several lines.
  private static func comments(_ text: String) -> [String: String] {
    let fields = text.components(separatedBy: "\nfields:").last ?? ""
    var found: [String: String] = [:]
    var last: String?
    for line in fields.components(separatedBy: "\n\n")[0].split(separator: "\n") {
      let plain = line.drop { $0 == " " }
      guard plain.hasPrefix("# ") else {
        last = nil
        continue
      }
      let rest = plain.dropFirst(2)
      if rest.hasPrefix("  "), let last {
        found[last]? += rest.dropFirst(1)
      } else if let colon = rest.firstIndex(of: ":") {
        last = String(rest[..<colon])
        found[last ?? ""] = String(rest[colon...].dropFirst(2))
      }
    }
    return found
  }

  @Test func `The inversion that a comment suggests compiles and inverts`() async throws {
    try await withFolder { folder in
      let mapping = """
        mapping: 1
        name: m
        source: {entity: r, key: id, schema: s.json}
        target: {entity: r, key: id}
        lookups: {inverted: {"true": false, "false": true}}
        fields:
          id: id
          consent: {from: Unsubscribed, do: [bool, {lookup: inverted}]}
        """
      try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try #"{"type":"object","properties":{"id":{"type":"string"},"Unsubscribed":{"type":["string","null"]}}}"#
        .write(toFile: folder + "/s.json", atomically: true, encoding: .utf8)
      try "id,Unsubscribed\n1,yes\n2,no\n3,\n".write(toFile: folder + "/r.csv", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/r.csv", "--output", folder + "/o.ndjson")
      #expect(ended.code == .done, "\(ended.error)")
      let output = try String(contentsOfFile: folder + "/o.ndjson", encoding: .utf8)
      #expect(output == "{\"id\":\"1\",\"consent\":false}\n{\"id\":\"2\",\"consent\":true}\n{\"id\":\"3\",\"consent\":null}\n")
    }
  }

  @Test func `Once the key review is removed, nothing is reported`() async throws {
    try await withFolder { folder in
      try "id,full_name\n1,Ada\n".write(toFile: folder + "/p.csv", atomically: true, encoding: .utf8)
      try #"{"type":"object","required":["name"],"properties":{"id":{"type":"string"},"name":{"type":"string"}}}"#
        .write(toFile: folder + "/a.json", atomically: true, encoding: .utf8)
      #expect(await waybill("init", folder + "/it", "--sample", folder + "/p.csv", "--schema", folder + "/a.json").code == .done)
      let mapping = folder + "/it/mappings/p.yaml"
      let before = await waybill("check", mapping)
      #expect(before.error.contains("unreviewed-guess") && before.code == .done, "\(before.error)")
      let text = try String(contentsOfFile: mapping, encoding: .utf8)
      try text.replacing(/, review: "[^"]*"/, with: "").write(toFile: mapping, atomically: true, encoding: .utf8)
      let after = await waybill("check", mapping)
      #expect(!after.error.contains("unreviewed-guess") && after.code == .done, "\(after.error)")
    }
  }
}
